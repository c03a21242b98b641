//! Lists that are asked by a number: what a check from JavaScript comes to. An object that is passed through a binding is
//! counted and locked on its way in and out, which takes longer than the check itself.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Answer, Handles, Lists};

type Kept = (Rc<Lists>, Handles);

thread_local! {
    static SHELF: RefCell<Vec<Option<Kept>>> = const { RefCell::new(Vec::new()) };
}

/// A number under which lists are asked, until it is dropped.
#[derive(Debug)]
pub struct Slot(u32);

impl Slot {
    /// Takes the first number that is free.
    pub fn keep(lists: Rc<Lists>, handles: Handles) -> Self {
        SHELF.with_borrow_mut(|shelf| {
            let nth = shelf.iter().position(Option::is_none).unwrap_or(shelf.len());
            if nth == shelf.len() {
                shelf.push(None);
            }
            if let Some(slot) = shelf.get_mut(nth) {
                *slot = Some((lists, handles));
            }
            Self(u32::try_from(nth).unwrap_or(u32::MAX))
        })
    }

    /// The number.
    pub const fn number(&self) -> u32 {
        self.0
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let kept = SHELF.with_borrow_mut(|shelf| shelf.get_mut(self.0 as usize).and_then(Option::take));
        drop(kept);
    }
}

/// The answer to a question in handles, by the lists under a number; [`Answer::Stale`] where there are none.
#[inline(always)]
pub fn answer(slot: u32, member: i32, action: i32, place: i32) -> Answer {
    SHELF.with_borrow(|shelf| match shelf.get(slot as usize) {
        Some(Some((lists, handles))) => lists.look_up(handles, [member, action, place]),
        _ => Answer::Stale,
    })
}

/// The answer to each question of three lists of handles, as long as the shortest of them.
#[inline(never)]
pub fn answer_each(slot: u32, members: &[i32], actions: &[i32], places: &[i32]) -> Vec<u8> {
    SHELF.with_borrow(|shelf| {
        let Some(Some((lists, handles))) = shelf.get(slot as usize) else { return Vec::new() };
        let asked = members.iter().zip(actions).zip(places);
        asked.map(|((member, action), place)| lists.look_up(handles, [*member, *action, *place]) as u8).collect()
    })
}
