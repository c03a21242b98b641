//! The records of other people's domains, by DNS over HTTPS in the JSON that Cloudflare, Google and others speak.

use serde::Deserialize;

use crate::host::{Fetch as _, Host, Outgoing};

use super::context::Context;
use super::problem::{Code, Problem};

/// No answer about one name is longer.
const MOST: usize = 64 * 1024;

/// The type of records that hold text.
const TXT: i64 = 16;

/// The answer to a question.
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Status")]
    status: i64,
    #[serde(rename = "Answer", default)]
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    #[serde(rename = "type")]
    kind: i64,
    data: String,
}

/// The texts under a name, whose characters are those of a host; none where there is no such name.
///
/// # Errors
/// 503 when nobody can say.
pub(super) async fn texts<H: Host>(cx: &Context<'_, H>, name: &str) -> Result<Vec<String>, Problem> {
    let silent = || {
        let detail = "the name server of the domain, or the resolver, did not answer; try again in a moment";
        Problem::new(Code::Unavailable, detail)
    };
    let url = format!("{}?name={name}&type=TXT", cx.config.dns_resolver);
    let question = Outgoing::get(&url).ok_or_else(|| Problem::internal("DNS_RESOLVER is no address"))?;
    let question = question.header("accept", "application/dns-json");
    let found = cx.host.web().fetch(&question, MOST).await.map_err(|_| silent())?;
    let answer: Answer = serde_json::from_slice(&found.body).map_err(|_| silent())?;
    // 3 says that there is no such name.
    if found.status != 200 || !matches!(answer.status, 0 | 3) {
        return Err(silent());
    }
    Ok(answer.records.iter().filter(|record| record.kind == TXT).map(|record| unquoted(&record.data)).collect())
}

/// The text of a record, which may come in quoted pieces of 255 bytes.
fn unquoted(data: &str) -> String {
    if !data.starts_with('"') {
        return data.to_owned();
    }
    let (mut text, mut is_inside, mut is_escaped) = (String::new(), false, false);
    for c in data.chars() {
        match c {
            _ if is_escaped => {
                text.push(c);
                is_escaped = false;
            }
            '\\' => is_escaped = true,
            '"' => is_inside = !is_inside,
            _ if is_inside => text.push(c),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_whole_however_it_is_cut() {
        for (data, text) in [
            ("plain", "plain"),
            ("\"one\"", "one"),
            ("\"one\" \"two\"", "onetwo"),
            ("\"a \\\" b\" \"\\\\\"", "a \" b\\"),
            ("\"open", "open"),
            ("", ""),
        ] {
            assert_eq!(unquoted(data), text, "{data}");
        }
    }
}
