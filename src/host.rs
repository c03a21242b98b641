//! What Rolecall asks of the machine that it runs on: a database, random bytes, a way to send mail, other people's servers,
//! a cache, the check of a signature, a brake on whoever asks too often, and the settings of the deployment.
//!
//! The traits are implemented by Cloudflare in `edge` and by SQLite in the tests.

use std::borrow::Cow;

/// A value that goes into a statement or comes out of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// An integer of at most 53 bits: JavaScript carries it.
    Int(i64),
    /// A text.
    Text(String),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A statement with its values: a write is such a value until one batch commits it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The SQL, with `?1`, `?2`, … for the values.
    pub sql: Cow<'static, str>,
    /// The values, at most 100.
    pub values: Vec<Value>,
}

impl Statement {
    /// A statement with these values.
    pub fn new(sql: impl Into<Cow<'static, str>>, values: impl IntoIterator<Item = Value>) -> Self {
        Self { sql: sql.into(), values: values.into_iter().collect() }
    }
}

/// One row of an answer, by column name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row(Vec<(String, Value)>);

impl Row {
    /// The value of a column; `None` when the row has no such column. A row has few: looking at each is the fastest.
    pub fn get(&self, column: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == column).map(|(_, value)| value)
    }
}

impl FromIterator<(String, Value)> for Row {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(cells: I) -> Self {
        Self(cells.into_iter().collect())
    }
}

/// Why a statement or a batch did not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbError {
    /// A constraint or rule refused it: its name, like `last_owner`, `guard_version` or `invites.workspace_id, invites.email`.
    Conflict(String),
    /// The database is overloaded or restarting: the same request may succeed a moment later.
    Busy(String),
    /// Anything else: our fault.
    Failed(String),
}

impl DbError {
    /// Reads SQLite's or D1's message. Both quote the constraint's name after the same words.
    pub fn from_message(message: &str) -> Self {
        let after = |mark: &str| message.split_once(mark).map(|(_, rest)| rest.trim());
        if let Some(rest) = after("rule:") {
            return Self::Conflict(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
        }
        if let Some(rest) = after("constraint failed:").filter(|_| !message.contains("FOREIGN KEY")) {
            return Self::Conflict(rest.split(": SQLITE").next().unwrap_or(rest).trim().to_owned());
        }
        // The one constraint that SQLite doesn't name.
        if message.contains("FOREIGN KEY constraint failed") {
            return Self::Conflict("foreign_key".to_owned());
        }
        let is_busy = [
            "overloaded",
            "database is locked",
            "reset because",
            "storage operation exceeded timeout",
            "Network connection lost",
        ]
        .iter()
        .any(|mark| message.contains(mark));
        if is_busy { Self::Busy(message.to_owned()) } else { Self::Failed(message.to_owned()) }
    }
}

/// A SQLite database.
#[expect(async_fn_in_trait, reason = "a Worker is single-threaded: no future needs to be Send")]
pub trait Db {
    /// Runs statements as one transaction and answers the rows of each: all happen or none.
    ///
    /// # Errors
    /// When a rule refuses one, or the database fails.
    async fn batch(&self, statements: &[Statement]) -> Result<Vec<Vec<Row>>, DbError>;

    /// Runs one statement.
    ///
    /// # Errors
    /// When a rule refuses it, or the database fails.
    async fn query(&self, statement: &Statement) -> Result<Vec<Row>, DbError> {
        let answers = self.batch(std::slice::from_ref(statement)).await?;
        Ok(answers.into_iter().next().unwrap_or_default())
    }
}

/// Random bytes fit for secrets.
pub trait Entropy {
    /// Fills a buffer.
    fn fill(&self, bytes: &mut [u8]);
}

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What a provider knows it by: of two messages with one key the second is the first.
    pub key: String,
    /// The address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// What it says, as text.
    pub text: String,
    /// What it says, as HTML without anything to be fetched.
    pub html: String,
}

/// What came of sending a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    /// The provider has it.
    Sent,
    /// It may go out later; why it didn't now. Never holds a secret.
    Later(String),
    /// It never will; why. Never holds a secret.
    Refused(String),
}

/// A way to send mail.
#[expect(async_fn_in_trait, reason = "a Worker is single-threaded: no future needs to be Send")]
pub trait Mailer {
    /// Sends a mail, within seconds or not at all.
    async fn send(&self, message: &Message) -> Sending;
}

/// A request to somebody else's server. No redirect is followed: it would lead where nobody checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    url: String,
    /// The headers.
    pub headers: Vec<(&'static str, String)>,
    /// What is posted; `None` for a `GET`.
    pub body: Option<String>,
}

impl Outgoing {
    /// A `GET` of this address; `None` for one that isn't asked: see [`is_fetchable`].
    pub fn get(url: &str) -> Option<Self> {
        is_fetchable(url).then(|| Self { url: url.to_owned(), headers: Vec::new(), body: None })
    }

    /// A `POST` of a form to this address; `None` for one that isn't asked.
    pub fn post_form(url: &str, form: String) -> Option<Self> {
        let headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
        Self::get(url).map(|get| Self { headers, body: Some(form), ..get })
    }

    /// The same request with one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Where it goes.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// True for an address that may be asked: `https`, or a server on this machine; without a name or password in it and
/// without a fragment.
pub fn is_fetchable(url: &str) -> bool {
    let is_plain = url.len() <= 2_048 && url.bytes().all(|byte| byte.is_ascii_graphic()) && !url.contains(['#', '\\']);
    let Ok(uri) = url.parse::<http::Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    let is_here = matches!(authority.host(), "localhost" | "127.0.0.1");
    is_plain
        && !authority.as_str().contains('@')
        && !authority.host().is_empty()
        && (scheme == "https" || scheme == "http" && is_here)
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The status.
    pub status: u16,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// Why a server's answer isn't there. Never holds a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchError {
    /// It can't be reached, or broke off.
    Unreachable,
    /// It took longer than it may.
    TooSlow,
    /// It answered more than it may.
    TooLarge,
}

/// A way to other people's servers.
#[expect(async_fn_in_trait, reason = "a Worker is single-threaded: no future needs to be Send")]
pub trait Fetch {
    /// Asks, and reads an answer of at most so many bytes, within seconds or not at all.
    ///
    /// # Errors
    /// When there is no whole answer.
    async fn fetch(&self, request: &Outgoing, most: usize) -> Result<Fetched, FetchError>;
}

/// What may be forgotten at any time: a value under a name, for a while. Who reads may see an older value, or none.
#[expect(async_fn_in_trait, reason = "a Worker is single-threaded: no future needs to be Send")]
pub trait Cache {
    /// The value under a name.
    async fn get(&self, key: &str) -> Option<String>;
    /// Keeps a value for so many seconds, at least 60. A failure is nobody's problem.
    async fn put(&self, key: &str, value: &str, seconds: u32);
}

/// How a signature was made: the closed list of what is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA PKCS #1 1.5 with SHA-256.
    Rs256,
    /// RSA PSS with SHA-256 and a salt of 32 bytes.
    Ps256,
    /// ECDSA on P-256 with SHA-256; the signature is `r || s`.
    Es256,
    /// Ed25519.
    EdDsa,
}

/// A public key, its numbers as big-endian bytes of the length that its kind has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA: modulus and exponent.
    Rsa {
        /// The modulus, without zeros before it.
        n: Vec<u8>,
        /// The exponent, without zeros before it.
        e: Vec<u8>,
    },
    /// A point on P-256.
    P256 {
        /// 32 bytes.
        x: Vec<u8>,
        /// 32 bytes.
        y: Vec<u8>,
    },
    /// A point on Ed25519.
    Ed25519 {
        /// 32 bytes.
        x: Vec<u8>,
    },
}

/// The check of signatures.
#[expect(async_fn_in_trait, reason = "a Worker is single-threaded: no future needs to be Send")]
pub trait Verifier {
    /// True when the key made the signature of this message by this algorithm; never for a key of another kind.
    async fn verify(&self, algorithm: Algorithm, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool;
}

/// What verifies SAML: another program of the same deployment.
#[expect(async_fn_in_trait, reason = "a Worker is single-threaded: no future needs to be Send")]
pub trait Saml {
    /// Asks a question, with its JSON; answers a status and JSON.
    ///
    /// # Errors
    /// With the cause, when there is no answer.
    async fn ask(&self, question: &str, body: String) -> Result<(u16, Vec<u8>), String>;
}

/// A brake on whoever asks too often. It counts where a request arrives and roughly: it is no rule, and spares the database.
#[expect(async_fn_in_trait, reason = "a Worker is single-threaded: no future needs to be Send")]
pub trait Limiter {
    /// Counts a request under a key; false when there were too many within the minute. One that fails lets through.
    async fn allows(&self, key: &str) -> bool;
}

/// The machine, with all that is asked of it.
pub trait Host {
    /// Its database.
    type Db: Db;
    /// Its randomness.
    type Entropy: Entropy;
    /// Its way to send mail.
    type Mailer: Mailer;
    /// Its way to other people's servers.
    type Fetch: Fetch;
    /// Its cache.
    type Cache: Cache;
    /// Its check of signatures.
    type Verifier: Verifier;
    /// What verifies SAML.
    type Saml: Saml;
    /// Its brake on whoever asks too often.
    type Limiter: Limiter;

    /// The database.
    fn db(&self) -> &Self::Db;
    /// The randomness.
    fn entropy(&self) -> &Self::Entropy;
    /// The way to send mail; `None` where mail waits in the outbox for somebody to read it there.
    fn mailer(&self) -> Option<&Self::Mailer>;
    /// The way to other people's servers.
    fn web(&self) -> &Self::Fetch;
    /// The cache.
    fn cache(&self) -> &Self::Cache;
    /// The check of signatures.
    fn verifier(&self) -> &Self::Verifier;
    /// What verifies SAML; `None` in a deployment without it.
    fn saml(&self) -> Option<&Self::Saml>;
    /// The brake on whoever asks too often.
    fn limiter(&self) -> &Self::Limiter;
    /// Hears that mail is owed: `api::deliver` shall run once the answer is out.
    fn wake(&self);
    /// Writes a line to the log: for our own faults, never a secret.
    fn log(&self, line: &str);
    /// Writes a line to the log: what was done without anybody asking, never a secret.
    fn note(&self, line: &str);
}

/// Settings of the deployment.
#[derive(Clone)]
pub struct Config {
    /// The operator's credential, which makes workspaces. Empty: nobody may.
    pub bootstrap_token: String,
    /// The key that seals mail in the outbox.
    pub seal_key: [u8; 32],
    /// How many mails the cron sends a minute, at most.
    pub mails_a_minute: i64,
    /// Where this deployment is reached, without a slash at the end: links in mails start with it.
    pub origin: String,
    /// For how many days audit events are kept; 0 for ever.
    pub audit_retention_days: i64,
    /// Where the records of other people's domains are asked for: DNS over HTTPS, in JSON.
    pub dns_resolver: String,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("origin", &self.origin).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_servers_that_nobody_listens_in_on_are_asked() {
        for good in
            ["https://idp.example", "https://idp.example:8443/a?b=c", "http://localhost:1/x", "http://127.0.0.1/"]
        {
            assert!(is_fetchable(good), "{good}");
        }
        for bad in [
            "http://idp.example/",
            "http://localhost.evil.example/",
            "http://localhost@evil.example/",
            "https://user:pass@idp.example/",
            "https://idp.example/#x",
            "https://idp.example\\@evil.example/",
            "https://idp.example/a b",
            "https://idp.example/\r\nx: y",
            "ftp://idp.example/",
            "file:///etc/passwd",
            "//idp.example/",
            "/path",
            "https://",
            "",
        ] {
            assert!(!is_fetchable(bad), "{bad}");
        }
        assert!(!is_fetchable(&format!("https://idp.example/{}", "a".repeat(2_048))));
    }

    #[test]
    fn a_refusal_is_read_from_either_databases_message() {
        let conflict = |message: &str| match DbError::from_message(message) {
            DbError::Conflict(name) => name,
            other => panic!("{other:?}"),
        };
        assert_eq!(conflict("rule:last_owner"), "last_owner");
        assert_eq!(conflict("D1_ERROR: rule:last_owner: SQLITE_CONSTRAINT_TRIGGER"), "last_owner");
        assert_eq!(conflict("CHECK constraint failed: guard_version"), "guard_version");
        assert_eq!(conflict("D1_ERROR: CHECK constraint failed: guard_state: SQLITE_CONSTRAINT"), "guard_state");
        let unique = "D1_ERROR: UNIQUE constraint failed: invites.workspace_id, invites.email: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_UNIQUE)";
        assert_eq!(conflict(unique), "invites.workspace_id, invites.email");
        assert_eq!(conflict("FOREIGN KEY constraint failed"), "foreign_key");
        assert_eq!(conflict("D1_ERROR: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT_FOREIGNKEY"), "foreign_key");
        assert!(matches!(DbError::from_message("D1 DB is overloaded"), DbError::Busy(_)));
        assert!(matches!(DbError::from_message("no such table: x"), DbError::Failed(_)));
    }
}
