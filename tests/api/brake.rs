//! Who knocks too often: a place is braked before anything is read, and nobody fills a workspace's record from outside.

use serde_json::{Value, json};

use crate::support::idp::{HTML, Provider, ann, cookie};
use crate::support::{Answer, App, text};

const HERE: (&str, &str) = ("cf-connecting-ip", "192.0.2.7");

/// What is knocked at, and how from a place.
type Knock<'a> = (&'static str, &'a dyn Fn(&str) -> Answer);

#[test]
fn a_place_knocks_so_often_a_minute_at_what_takes_no_credentials() {
    let app = App::new();
    let acme = app.tenant("acme");
    let _provider = Provider::serving(&app, "ES256");
    let login = text(&app.connection(&acme, &json!({}))["login_url"]);
    app.machine.limiter.most.set(Some(1));
    let form = "application/x-www-form-urlencoded";
    let knocks: [Knock<'_>; 4] = [
        ("begin", &|place| app.browse(&login, &[(HERE.0, place)])),
        ("callback", &|place| app.come_back(&[("state".to_owned(), "x".to_owned())], &[(HERE.0, place)])),
        ("acs", &|place| {
            let headers = [(HERE.0, place), ("content-type", form)];
            app.call_with("POST", "/v1/sso/saml/acs", "", &headers, &Value::Null)
        }),
        ("discover", &|place| {
            app.call_with("GET", "/v1/sso/discover?email=a@acme.com", "", &[(HERE.0, place)], &Value::Null)
        }),
    ];
    for (index, (what, knock)) in knocks.iter().enumerate() {
        let [here, there] = [7, 8].map(|last| format!("192.0.2.{last}{index}"));
        assert_ne!(knock(&here).status, 429, "{what}");
        let before = app.machine.batches();
        let braked = app.unchanged(|| knock(&here));
        assert_eq!((braked.header("retry-after"), app.machine.batches() - before), ("60", 0), "{what}");
        braked.problem(429, "rate_limited");
        assert_ne!(knock(&there).status, 429, "{what}: another place");
    }
    // A person gets a page that says so; who comes by no edge isn't counted.
    let braked = app.browse(&login, &[("cf-connecting-ip", "192.0.2.70"), HTML]);
    assert_eq!((braked.status, braked.header("location")), (303, "/sign-in?error=rate_limited"));
    for _ in 0..3 {
        assert_eq!(app.browse(&login, &[]).status, 303);
    }
}

#[test]
fn a_workspace_hears_of_so_many_refusals_an_hour() {
    let app = App::new();
    let [acme, other] = ["acme", "other"].map(|slug| app.tenant(slug));
    let provider = Provider::serving(&app, "ES256");
    let [ours, theirs] = [&acme, &other].map(|tenant| text(&app.connection(tenant, &json!({}))["login_url"]));
    let told =
        |path: String| app.count(&format!("SELECT count(*) FROM audit_events WHERE type = 'sso.refused' AND {path}"));
    let of = |id: &str| told(format!("workspace_id = '{id}'"));
    let knock =
        |login: &str| app.browse(&format!("{login}?return_to=//evil.example"), &[]).problem(400, "invalid_return_to");
    for _ in 0..120 {
        knock(&ours);
    }
    assert_eq!(of(&acme.id), 100);
    // What others have to be told is told, and so is all else here; people still sign in.
    knock(&theirs);
    assert_eq!(of(&other.id), 1);
    let begun = app.browse(&ours, &[]);
    let answer = provider.authorize(&app, begun.header("location"), &ann());
    assert_eq!(app.come_back(&answer, &[("cookie", &cookie(&begun))]).status, 303);
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE type = 'sso.signed_in'"), 1);
    app.pass_minutes(61);
    knock(&ours);
    assert_eq!(of(&acme.id), 101);
}
