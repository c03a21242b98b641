//! The form that a request wants its answer in: JSON, a whole range as a file, or bytes.

use crate::host::Host;
use crate::packed::MEDIA_TYPE;

use super::context::Context;

/// How rows are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A page of JSON.
    Page,
    /// The whole range as CSV.
    Csv,
    /// The whole range as a line of JSON each.
    Lines,
    /// A workspace as compact bytes.
    Packed,
}

impl Form {
    /// The form that `Accept` wants most: the first of the highest quality. What we don't have is answered as JSON.
    pub(super) fn wanted<H: Host>(cx: &Context<'_, H>) -> Self {
        form(cx.header("accept").unwrap_or_default())
    }

    /// The media type of a file in this form, and how its name ends.
    pub(super) const fn file_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Page => ("application/json", "json"),
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
            Self::Lines => ("application/x-ndjson", "ndjson"),
            Self::Packed => (MEDIA_TYPE, "bin"),
        }
    }
}

fn form(accept: &str) -> Form {
    let read = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let form = match parts.next()?.to_ascii_lowercase().as_str() {
            "text/csv" => Form::Csv,
            "application/x-ndjson" => Form::Lines,
            MEDIA_TYPE => Form::Packed,
            "application/json" | "application/*" | "*/*" => Form::Page,
            _ => return None,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=").map(thousandths)).unwrap_or(1_000);
        (quality > 0).then_some((form, quality))
    };
    let best = accept.split(',').filter_map(read).reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map_or(Form::Page, |(form, _)| form)
}

/// A quality like `0.5` in thousandths: it has at most three digits after the point (RFC 9110). Reading it as a fraction
/// would bring the tables of another number format along.
fn thousandths(quality: &str) -> u32 {
    let (whole, part) = quality.split_once('.').unwrap_or((quality, ""));
    let digits = format!("{part:0<3}").parse().map_or(0, |digits: u32| digits.min(999));
    whole.parse::<u32>().map_or(0, |whole| whole.min(1) * 1_000) + digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_the_one_that_is_wanted_most() {
        for (accept, wanted) in [
            ("", Form::Page),
            ("*/*", Form::Page),
            ("text/html", Form::Page),
            ("text/csv", Form::Csv),
            ("Text/CSV; charset=utf-8", Form::Csv),
            ("application/x-ndjson, application/json;q=0.5", Form::Lines),
            ("application/json;q=0.5, text/csv;q=0.9, */*;q=0.1", Form::Csv),
            ("text/csv;q=0", Form::Page),
            ("text/csv;q=1.4294967295, application/x-ndjson;q=high", Form::Csv),
        ] {
            assert_eq!(form(accept), wanted, "{accept}");
        }
    }
}
