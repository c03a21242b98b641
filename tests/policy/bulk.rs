//! Many invites at once: a file is read or named for what it is, and each row comes to what a single invite would.

use rolecall::model::{AddOns, GrantExpr, Plan, Settings, Timestamp, Workspace, WorkspaceId};
use rolecall::policy::bulk::{Taken, check};
use rolecall::policy::{Held, Snapshot};
use rolecall::wire::bulk::{BulkView, FileError, Line, MOST, from_csv};

fn snapshot(seat_limit: Option<i64>) -> Snapshot {
    let created_at = Timestamp::from_ms(0);
    Snapshot::new(Workspace {
        id: WorkspaceId::new(created_at, [0; 10]),
        slug: "acme".parse().unwrap(),
        name: "Acme".parse().unwrap(),
        plan: Plan::Team,
        add_ons: AddOns::default(),
        seat_limit,
        settings: Settings::default(),
        version: 1,
        created_at,
    })
}

fn report(snapshot: &Snapshot, giver: Option<&Held>, taken: &Taken, file: &str) -> BulkView {
    let lines = from_csv(file.as_bytes()).unwrap();
    let read: Vec<_> = lines.iter().map(Line::read).collect();
    let rows: Vec<_> = read.iter().map(|read| read.row.clone()).collect();
    let checked = check(snapshot, giver, taken, &rows);
    BulkView::new(lines, &read, &checked)
}

/// Each row as `line outcome column:code,…`.
fn told(view: &BulkView) -> Vec<String> {
    let errors = |row: &rolecall::wire::bulk::RowView| -> String {
        let all = row.errors.iter().map(|error| format!("{}:{}", error.column.unwrap_or("-"), error.code));
        all.collect::<Vec<_>>().join(",")
    };
    view.rows.iter().map(|row| format!("{} {} {}", row.line, row.outcome, errors(row)).trim_end().to_owned()).collect()
}

fn header_codes(file: &str) -> Vec<(String, &'static str)> {
    match from_csv(file.as_bytes()) {
        Err(FileError::Header(issues)) => issues.into_vec().into_iter().map(|one| (one.path, one.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn columns_come_in_any_order_and_blank_lines_are_no_rows() {
    let file = "\u{FEFF}Groups, grants ,EMAIL\r\n\r\nWeb; grp_x ,workspace_member; source_admin@source/abc;,\" Ann@Example.com \"\r\n,,\r\n";
    let lines = from_csv(file.as_bytes()).unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].line, lines[0].email.as_str(), &lines[0].name), (3, "Ann@Example.com", &None));
    assert_eq!(lines[0].grants, ["workspace_member", "source_admin@source/abc"]);
    assert_eq!(lines[0].groups, ["Web", "grp_x"]);
    assert_eq!(lines[0].read().row.email, Some("ann@example.com".parse().unwrap()));
}

#[test]
fn a_header_names_each_column_once_and_the_two_that_are_needed() {
    let missing = |name: &str| (format!("/{name}"), "missing_column");
    assert_eq!(header_codes(""), [missing("email"), missing("grants")]);
    assert_eq!(header_codes("email,name\na@example.com,Ann\n"), [missing("grants")]);
    assert_eq!(header_codes("email,grants,Email\n"), [("/email".to_owned(), "duplicate_column")]);
    assert_eq!(header_codes("email,grants,role\n"), [("/role".to_owned(), "unknown_column")]);
    assert_eq!(header_codes("email,grants\r\n"), [("/rows".to_owned(), "out_of_range")]);
    let Err(FileError::Header(issues)) = from_csv(b"email;name;grants\n") else { panic!("was read") };
    assert!(issues.into_vec()[0].detail.contains("separated by commas"));
}

#[test]
fn a_file_holds_ten_thousand_rows_and_no_more() {
    let file = |rows: usize| format!("email,grants\n{}", "a@example.com,workspace_member\n".repeat(rows));
    assert_eq!(from_csv(file(MOST).as_bytes()).unwrap().len(), MOST);
    assert_eq!(from_csv(file(MOST + 1).as_bytes()), Err(FileError::TooMany));
}

#[test]
fn each_row_comes_to_one_outcome_with_the_column_and_code_of_what_is_wrong() {
    let taken = Taken {
        members: [("olga@example.com").parse().unwrap()].into_iter().collect(),
        invited: [("ivy@example.com").parse().unwrap()].into_iter().collect(),
    };
    let file = "email,grants,name,groups\n\
        ann@example.com,workspace_member,,\n\
        Ann@Example.com,workspace_member,,\n\
        olga@example.com,workspace_member,,\n\
        ivy@example.com,workspace_member,,\n\
        ann,workspace_member,,\n\
        b@example.com,sauce_admin,,\n\
        c@example.com,workspace_member;source_admin@,,\n\
        d@example.com,workspace_member;source_admin@warehouse/x,,\n\
        e@example.com,source_admin,,\n\
        f@example.com,workspace_member;source_admin@source/none,,\n\
        g@example.com,\"workspace_member;source_admin@{a:b,c:d}\",,\n\
        h@example.com,workspace_member;tracking_plan_admin,,\n\
        i@example.com,workspace_member,,Nobody\n\
        j@example.com,workspace_member,a\u{7}b,\n\
        k@example.com,workspace_member\n\
        k@example.com,workspace_member,,\n\
        ,,x,\n";
    let view = report(&snapshot(None), None, &taken, file);
    let wanted = [
        "2 invited",
        "3 duplicate",
        "4 already_member",
        "5 already_invited",
        "6 invalid email:invalid_email",
        "7 invalid grants:unknown_role",
        "8 invalid grants:invalid_grant",
        "9 invalid grants:scope_not_allowed",
        "10 invalid grants:workspace_role_required",
        "11 invalid grants:unknown_resource",
        "12 invalid grants:unknown_label,grants:unknown_label,grants:plan_required",
        "13 invalid grants:plan_required",
        "14 invalid groups:unknown_group",
        "15 invalid name:invalid_name",
        "16 invalid -:ragged_row",
        "17 invited",
        "18 invalid email:invalid_email,grants:workspace_role_required",
    ];
    assert_eq!(told(&view), wanted);
    let summary = view.summary;
    assert_eq!(summary.invited + summary.already_member + summary.already_invited + summary.duplicate, 5);
    assert_eq!((summary.invalid, summary.total), (12, 17));
}

#[test]
fn the_first_rows_get_the_seats_and_the_rest_are_told() {
    let mut acme = snapshot(Some(4));
    (acme.seats.active, acme.seats.pending) = (1, 1);
    let file = "email,grants\na@example.com,workspace_member\nb@example.com,source_admin\nc@example.com,workspace_member\n\
        a@example.com,workspace_member\nd@example.com,workspace_member\n";
    let wanted = [
        "2 invited",
        "3 invalid grants:workspace_role_required",
        "4 invited",
        "5 duplicate",
        "6 invalid email:seat_limit_reached",
    ];
    assert_eq!(told(&report(&acme, None, &Taken::default(), file)), wanted);
}

#[test]
fn nobody_gives_more_than_they_hold_row_by_row() {
    let acme = snapshot(None);
    let expr: GrantExpr = "workspace_member".parse().unwrap();
    let grant = rolecall::model::Grant {
        id: rolecall::model::GrantId::new(Timestamp::from_ms(0), [0; 10]),
        expr,
        created_at: Timestamp::from_ms(0),
        created_by: String::new(),
    };
    let grants = vec![rolecall::policy::HeldGrant { grant, via: rolecall::model::Via::Direct }];
    let giver = Held { grants, ..Held::default() };
    let file = "email,grants\na@example.com,workspace_member\nb@example.com,workspace_owner\n";
    let wanted = ["2 invited", "3 invalid grants:delegation_exceeded"];
    assert_eq!(told(&report(&acme, Some(&giver), &Taken::default(), file)), wanted);
}
