//! The compact form: the same decisions as the values that it was made of, and nothing but a refusal when it was changed.

use proptest::prelude::*;
use rolecall::model::AccountId;
use rolecall::packed::{History, Packed, PackedError, START, Slicer, write};
use rolecall::policy::{Question, Snapshot, decide, preview};
use xxhash_rust::xxh64::xxh64;

use crate::preview::{company, random_change};
use crate::world::{self, Dice};

/// Both halves, loaded.
fn load(bytes: &[u8]) -> Result<(Packed, &[u8]), PackedError> {
    let half = Packed::half_of(bytes.get(..START).unwrap_or(bytes), bytes.len())?;
    let packed = Packed::load(bytes[..half].to_vec(), bytes.len())?;
    packed.check_history(&bytes[half..].to_vec())?;
    Ok((packed, &bytes[half..]))
}

/// As [`load`], without a look at what no check asks for: as the package does it.
fn load_for_checks(bytes: &[u8]) -> Result<(Packed, &[u8]), PackedError> {
    let half = Packed::half_of(bytes.get(..START).unwrap_or(bytes), bytes.len())?;
    let packed = Packed::for_checks(bytes[..half].to_vec(), bytes.len())?;
    Ok((packed, &bytes[half..]))
}

fn unpack(bytes: &[u8]) -> Result<Snapshot, PackedError> {
    let (packed, history) = load(bytes)?;
    let history: &dyn History = &history.to_vec();
    Slicer::new(&packed, Some(history))?.all()
}

/// A random workspace. In some, grants are on resources that aren't registered, and destinations have such parents.
fn random(seed: u64) -> (Snapshot, Vec<String>, Dice) {
    let (mut snapshot, names, mut dice) = company(seed);
    if dice.below(3) == 0 {
        let gone = dice.pick(&names).parse().unwrap();
        snapshot.resources.remove(&gone);
    }
    snapshot.has_other_owner = dice.below(2) == 0;
    (snapshot, names, dice)
}

/// Where the two don't agree, over each member and each question.
fn disagreements(snapshot: &Snapshot, packed: &Packed, names: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (member, (action, target)) in
        snapshot.members.keys().flat_map(|member| world::questions(names).into_iter().map(move |asked| (member, asked)))
    {
        let question = Question { member: member.clone(), action, target: target.clone() };
        let place = packed.place(&target);
        let allowed = packed.allows(packed.member(member).unwrap(), action, place);
        if allowed != decide(snapshot, &question).allowed {
            found.push(format!("{question:?}: packed says {allowed}"));
        }
    }
    found
}

#[test]
fn bytes_and_values_decide_alike_whatever_the_workspace() {
    for seed in 0..150 {
        let (snapshot, names, _) = random(seed);
        let bytes = write(&snapshot);
        let (packed, _) = load(&bytes).unwrap();
        assert_eq!(disagreements(&snapshot, &packed, &names), [""; 0], "seed {seed}");
    }
}

/// Labels are compared as 32 bits first: from the 33rd on two share one.
#[test]
fn a_grant_on_a_label_reaches_no_resource_with_another_label_however_many_there_are() {
    const LABELS: usize = 70;
    let mut snapshot = world::snapshot("business", &[]);
    let value = |nth: usize| format!("t{nth:02}");
    let mut names = Vec::new();
    for nth in 0..LABELS {
        let [source, destination] = ["source", "destination"].map(|kind| format!("{kind}/{}", value(nth)));
        world::add_resource(&mut snapshot, &source, &[("team", &value(nth))], None);
        world::add_resource(&mut snapshot, &destination, &[], Some(&source));
        names.extend([source, destination]);
    }
    for (nth, label) in [0, 31, 32, 33, LABELS - 1].into_iter().enumerate() {
        let grant = format!("source_admin@{{team:{}}}", value(label));
        world::add_member(&mut snapshot, nth, [grant.as_str()]);
    }
    let bytes = write(&snapshot);
    let (packed, _) = load(&bytes).unwrap();
    assert_eq!(disagreements(&snapshot, &packed, &names), [""; 0]);
}

/// Sixteen grants are looked at together: of the smallest workspace the bytes would end before that.
#[test]
fn the_only_grant_of_the_smallest_workspace_counts() {
    let mut snapshot = world::snapshot("business", &[]);
    world::add_resource(&mut snapshot, "source/a", &[], None);
    let member = world::add_member(&mut snapshot, 0, ["source_admin@source/a"]);
    snapshot.members.get_mut(&member).unwrap().email = "a@b.c".parse().unwrap();
    snapshot.workspace.name = "A".parse().unwrap();
    snapshot.workspace.slug = "aa".parse().unwrap();
    snapshot.workspace.settings.provisioned_grants.clear();
    let bytes = write(&snapshot);
    let (packed, _) = load(&bytes).unwrap();
    assert_eq!(disagreements(&snapshot, &packed, &["source/a".to_owned()]), [""; 0]);
    assert_eq!(packed.as_bytes(), &bytes[..packed.as_bytes().len()]);
}

#[test]
fn what_is_written_is_read_back() {
    for seed in 0..200 {
        let (snapshot, ..) = random(seed);
        assert_eq!(unpack(&write(&snapshot)).unwrap(), snapshot, "seed {seed}");
    }
}

#[test]
fn members_are_found_by_id_and_by_address_and_nobody_else_is() {
    let (snapshot, ..) = random(7);
    let bytes = write(&snapshot);
    let (packed, _) = load(&bytes).unwrap();
    for (nth, (id, member)) in (0..).zip(&snapshot.members) {
        assert_eq!(packed.member(id), Some(nth));
        assert_eq!(packed.member_by_email(member.email.as_str()), Some(nth));
        assert_eq!(packed.member_id(nth), *id);
    }
    let stranger = AccountId::from_bytes([255; 16]);
    assert_eq!(packed.member(&stranger), None);
    assert_eq!(packed.member_by_email("nobody@example.com"), None);
}

#[test]
fn a_slice_explains_as_the_whole_does() {
    for seed in 0..20 {
        let (snapshot, names, _) = random(seed);
        let bytes = write(&snapshot);
        let (packed, history) = load(&bytes).unwrap();
        let history: &dyn History = &history.to_vec();
        for (nth, member) in (0..).zip(snapshot.members.keys()) {
            for (action, target) in world::questions(&names) {
                let mut slicer = Slicer::new(&packed, Some(history)).unwrap();
                slicer.member(nth).unwrap();
                slicer.place(packed.place(&target)).unwrap();
                let question = Question { member: member.clone(), action, target };
                let slice = slicer.finish();
                assert_eq!(decide(&slice, &question), decide(&snapshot, &question), "seed {seed}: {question:?}");
            }
        }
    }
}

#[test]
fn a_part_previews_as_the_whole_does() {
    for seed in 0..600 {
        let (snapshot, names, mut dice) = random(seed);
        let bytes = write(&snapshot);
        let (packed, _) = load(&bytes).unwrap();
        let changes: Vec<_> = (0..=dice.below(3)).map(|_| random_change(&snapshot, &names, &mut dice)).collect();
        let part = packed.touched_by(&changes).unwrap();
        assert_eq!(preview(&part, None, &changes), preview(&snapshot, None, &changes), "seed {seed}: {changes:?}");
    }
}

fn small() -> (Snapshot, Vec<String>, Vec<u8>) {
    let (snapshot, names, _) = random(3);
    let bytes = write(&snapshot);
    (snapshot, names, bytes)
}

#[test]
fn each_byte_that_is_changed_and_each_cut_is_refused() {
    let (_, _, bytes) = small();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            assert!(load(&changed).is_err(), "bit {bit} of byte {at}");
        }
        assert!(load(&bytes[..at]).is_err(), "cut at {at}");
    }
    assert!(load(&[bytes.as_slice(), &[0; 4]].concat()).is_err());
}

/// Makes the checksums right again, as somebody would who makes bytes up.
fn reseal(bytes: &mut [u8]) {
    let half = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let Some(history) = bytes.get(half..).map(|history| xxh64(history, 0)) else { return };
    bytes[20..28].copy_from_slice(&history.to_le_bytes());
    let half = half.max(12);
    let sum = xxh64(&bytes[12..half], 0);
    bytes[4..12].copy_from_slice(&sum.to_le_bytes());
}

/// All that somebody may do to bytes that they made up; whatever it answers, it answers.
fn use_it(packed: &Packed, history: &[u8], names: &[String], dice: &mut Dice) -> Result<(), PackedError> {
    for member in 0..packed.members().min(4) {
        for (action, target) in world::questions(names).into_iter().step_by(5) {
            packed.allows(member, action, packed.place(&target));
        }
    }
    let history: &dyn History = &history.to_vec();
    let snapshot = Slicer::new(packed, Some(history))?.all()?;
    let changes = [random_change(&snapshot, names, dice)];
    preview(&packed.touched_by(&changes)?, None, &changes);
    // What could be read as values decides like them.
    if dice.below(8) == 0 {
        assert_eq!(disagreements(&snapshot, packed, names), [""; 0]);
    }
    Ok(())
}

#[test]
fn what_no_check_asks_for_is_refused_by_whatever_asks_for_it() {
    let (snapshot, _, mut bytes) = small();
    let slug = snapshot.workspace.slug.as_str().as_bytes();
    let at = bytes.windows(slug.len()).position(|text| text == slug).unwrap();
    bytes[at] = b'-';
    reseal(&mut bytes);
    let (packed, _) = load_for_checks(&bytes).unwrap();
    let refusal = PackedError::Invalid("the slug is none");
    assert_eq!(load(&bytes).map(|_| ()), Err(refusal.clone()));
    assert_eq!(Slicer::new(&packed, None).map(|_| ()), Err(refusal.clone()));
    assert_eq!(packed.touched_by(&[]), Err(refusal));
}

#[test]
fn bytes_that_somebody_made_up_are_refused_or_decide_as_they_say() {
    let (_, names, bytes) = small();
    let mut dice = Dice(11);
    let (mut refused, mut used) = (0, 0);
    for _ in 0..2_000 {
        let mut changed = bytes.clone();
        for _ in 0..=dice.below(2) {
            let at = 12 + dice.below(changed.len() - 12);
            changed[at] = [0, 1, 0xff, 0x80, u8::try_from(dice.below(256)).unwrap()][dice.below(5)];
        }
        reseal(&mut changed);
        match load_for_checks(&changed).and_then(|(packed, history)| use_it(&packed, history, &names, &mut dice)) {
            Ok(()) => used += 1,
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 200 && used > 200, "{refused} refused, {used} used");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_of_any_kind_are_no_workspace(mut bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(load(&bytes).is_err());
        let start = [b'R', b'C', b'S', 1];
        for (byte, mark) in bytes.iter_mut().zip(start) { *byte = mark; }
        prop_assert!(load(&bytes).is_err());
    }
}
