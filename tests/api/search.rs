//! The searches of AuthZEN: their pages, and that what they find evaluates to true.

use serde_json::{Value, json};

use crate::authzen::{ask, filled};
use crate::support::text;

#[test]
fn a_search_goes_on_from_its_token_and_from_no_other() {
    let (app, acme, [alice, bob]) = filled();
    let question = json!({"subject": {"type": "user", "id": acme.owner}, "action": {"name": "source:view"}, "resource": {"type": "source", "id": "123"}});
    for search in ["subject", "resource", "action"] {
        let path = format!("search/{search}");
        let page = |page: Value| {
            let mut body = question.clone();
            body["page"] = page;
            ask(&app, &acme.token, &path, &body)
        };
        let whole = page(Value::Null).ok(200);
        assert_eq!(
            (&whole["page"]["next_token"], &whole["page"]["count"]),
            (&json!(""), &json!(whole["results"].as_array().unwrap().len()))
        );
        let (mut results, mut token) = (Vec::new(), String::new());
        loop {
            let next = page(json!({"token": token, "limit": 2})).ok(200);
            results.extend(next["results"].as_array().unwrap().iter().cloned());
            token = text(&next["page"]["next_token"]);
            if token.is_empty() {
                break;
            }
            let mut other = question.clone();
            other["page"] = json!({"token": token});
            other["resource"]["id"] = json!("456");
            other["subject"]["id"] = json!(alice);
            other["action"]["name"] = json!("source:edit");
            ask(&app, &acme.token, &path, &other).problem(400, "invalid_cursor");
        }
        assert_eq!(json!(results), whole["results"], "{search}");
        assert!(results.len() > 2, "{search}");
        page(json!({"token": "x"})).problem(400, "invalid_cursor");
        page(json!({"limit": 0})).problem(400, "invalid_parameter");
        page(json!({"limit": -1})).problem(400, "validation_failed");
    }
    assert_ne!(alice, bob);
}

#[test]
fn each_result_of_a_search_evaluates_to_true() {
    let (app, acme, [alice, _]) = filled();
    let question = json!({"subject": {"type": "user", "id": alice}, "action": {"name": "source:view"}, "resource": {"type": "source", "id": "123"}});
    for (search, member) in [("subject", "subject"), ("resource", "resource"), ("action", "action")] {
        let found = ask(&app, &acme.token, &format!("search/{search}"), &question).ok(200);
        for result in found["results"].as_array().unwrap() {
            let mut body = question.clone();
            body[member] = result.clone();
            assert_eq!(ask(&app, &acme.token, "evaluation", &body).ok(200)["decision"], true, "{body}");
        }
    }
}
