//! A machine in memory: the seam as tests have it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use rolecall::host::{Entropy, Host, Limiter};

use super::mail::Mailbox;
use super::sqlite::Sqlite;
use super::web;

/// Random bytes that are the same in each run.
#[derive(Debug, Default)]
pub(crate) struct Counter(Cell<u64>);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let next = self.0.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            self.0.set(next);
            *byte = next.to_be_bytes()[0];
        }
    }
}

/// A brake that counts for ever; one without a limit lets all through.
#[derive(Debug, Default)]
pub(crate) struct Brake {
    pub(crate) most: Cell<Option<u32>>,
    pub(crate) asked: RefCell<BTreeMap<String, u32>>,
}

impl Limiter for Brake {
    async fn allows(&self, key: &str) -> bool {
        let mut asked = self.asked.borrow_mut();
        let count = asked.entry(key.to_owned()).or_default();
        *count += 1;
        self.most.get().is_none_or(|most| *count <= most)
    }
}

/// A machine in memory.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(super) db: Sqlite,
    pub(super) entropy: Counter,
    pub(crate) log: RefCell<Vec<String>>,
    pub(crate) notes: RefCell<Vec<String>>,
    pub(crate) mailbox: Mailbox,
    pub(crate) wakes: Cell<usize>,
    pub(crate) web: web::Web,
    pub(crate) cache: web::Memory,
    pub(super) verifier: web::Ring,
    pub(crate) saml: web::Saml,
    pub(crate) limiter: Brake,
}

impl Host for Machine {
    type Db = Sqlite;
    type Entropy = Counter;
    type Mailer = Mailbox;
    type Fetch = web::Web;
    type Cache = web::Memory;
    type Verifier = web::Ring;
    type Saml = web::Saml;
    type Limiter = Brake;

    fn db(&self) -> &Sqlite {
        &self.db
    }

    fn entropy(&self) -> &Counter {
        &self.entropy
    }

    fn mailer(&self) -> Option<&Mailbox> {
        self.mailbox.is_open.get().then_some(&self.mailbox)
    }

    fn web(&self) -> &web::Web {
        &self.web
    }

    fn cache(&self) -> &web::Memory {
        &self.cache
    }

    fn verifier(&self) -> &web::Ring {
        &self.verifier
    }

    fn saml(&self) -> Option<&web::Saml> {
        self.saml.is_there.get().then_some(&self.saml)
    }

    fn limiter(&self) -> &Brake {
        &self.limiter
    }

    fn wake(&self) {
        self.wakes.set(self.wakes.get() + 1);
    }

    fn log(&self, line: &str) {
        self.log.borrow_mut().push(line.to_owned());
    }

    fn note(&self, line: &str) {
        self.notes.borrow_mut().push(line.to_owned());
    }
}

impl Machine {
    /// Runs this SQL between the reads of the next request and its commit, if it comes to one.
    pub(crate) fn on_commit(&self, sql: &str) {
        self.db.meanwhile(sql);
    }

    /// Runs this SQL before the next batch that writes to a table.
    pub(crate) fn on_write_to(&self, table: &str, sql: &str) {
        self.db.meanwhile_writing(table, sql);
    }

    /// Runs this SQL before the next batch with a statement that has these words.
    pub(crate) fn on_words(&self, words: &str, sql: &str) {
        self.db.meanwhile_asking(words, sql);
    }

    /// How many statements the database has run.
    pub(crate) fn statements(&self) -> usize {
        self.db.statements()
    }

    /// How many round trips were made to the database.
    pub(crate) fn batches(&self) -> usize {
        self.db.batches()
    }

    /// How the database would answer a statement: its query plan, line by line.
    pub(crate) fn plan(&self, statement: &rolecall::host::Statement) -> String {
        self.db.plan(statement)
    }

    /// The statements of the last batch that committed a change.
    pub(crate) fn last_commit(&self) -> Vec<String> {
        self.db.last_commit()
    }

    /// True while what was to happen on a commit has not.
    pub(crate) fn waits(&self) -> bool {
        self.db.waits()
    }
}
