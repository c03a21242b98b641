//! probe
use schemars::generate::SchemaSettings;
use rolecall::wire;
#[test]
fn probe() {
    let mut s = SchemaSettings::draft2020_12();
    s.definitions_path = "/components/schemas".into();
    s.meta_schema = None;
    let mut g = s.clone().for_serialize().into_generator();
    g.subschema_for::<wire::Page<wire::member::MemberView>>();
    g.subschema_for::<wire::me::MeView>();
    g.subschema_for::<wire::authzen::DecisionsBody>();
    g.subschema_for::<wire::search::ResultsBody>();
    g.subschema_for::<wire::check::BatchView>();
    println!("{}", serde_json::to_string_pretty(&g.take_definitions(true)).unwrap());
    let mut g = s.for_deserialize().into_generator();
    g.subschema_for::<wire::authzen::EvaluationBody>();
    g.subschema_for::<wire::invite::NewInvites>();
    g.subschema_for::<wire::workspace::WorkspacePatch>();
    println!("{}", serde_json::to_string_pretty(&g.take_definitions(true)).unwrap());
}
