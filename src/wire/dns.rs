//! The answer of a name server as JSON, as Cloudflare, Google and others write it.

use serde::Deserialize;

/// The answer to a question.
#[derive(Debug, Deserialize)]
pub struct AnswerBody {
    /// 0 where the name is there, 3 where it isn't.
    #[serde(rename = "Status")]
    pub status: i64,
    /// The records.
    #[serde(rename = "Answer", default)]
    pub records: Vec<RecordBody>,
}

/// A record.
#[derive(Debug, Deserialize)]
pub struct RecordBody {
    /// The number of its type.
    #[serde(rename = "type")]
    pub kind: i64,
    /// Its content.
    pub data: String,
}
