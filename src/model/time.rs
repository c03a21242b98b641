//! Instants: milliseconds since the Unix epoch, printed as RFC 3339 in UTC.

use std::fmt;

const DAY: i64 = 86_400_000;

/// An instant in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `ms` milliseconds after the epoch.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the epoch.
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// The instant `minutes` later.
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes.saturating_mul(60_000)))
    }

    /// The instant `hours` later.
    pub const fn plus_hours(self, hours: i64) -> Self {
        Self(self.0.saturating_add(hours.saturating_mul(3_600_000)))
    }

    /// The instant that an RFC 3339 text names, in any offset; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut text = Text(text.as_bytes());
        let (year, month, day) = (text.number(4)?, text.after(b"-")?, text.after(b"-")?);
        let day_count = days(year, month, day);
        text.mark(b"Tt ")?;
        let (hour, minute, second) = (text.number(2)?, text.after(b":")?, text.after(b":")?);
        let ms = if text.mark(b".").is_some() { text.thousandths()? } else { 0 };
        let offset = match text.mark(b"Zz+-")? {
            sign @ (b'+' | b'-') => {
                let (hours, minutes) = (text.number(2)?, text.after(b":")?);
                let offset = (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)?;
                if sign == b'+' { offset } else { -offset }
            }
            _ => 0,
        };
        // A second 60 is a leap second: it is the first of the next minute.
        let is_time = hour < 24 && minute < 60 && second <= 60 && text.0.is_empty();
        let is_date = (1..=12).contains(&month) && date(day_count) == (year, month, day);
        let minutes = (day_count * 24 + hour) * 60 + minute - offset;
        (is_date && is_time).then_some(Self((minutes * 60 + second) * 1000 + ms))
    }
}

/// The days from 1970-01-01 to a date. A year starts in March here, so that the day that comes and goes is its last.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leaps + (153 * month + 2) / 5 + day - 719_469
}

/// The year, month and day so many days after 1970-01-01.
const fn date(days: i64) -> (i64, i64, i64) {
    let (era, day) = ((days + 719_468).div_euclid(146_097), (days + 719_468).rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    (year + era * 400, month, day)
}

/// What is left of a text while numbers are read off its front.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    /// A number of so many digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        number.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
    }

    /// One of these characters.
    fn mark(&mut self, marks: &[u8]) -> Option<u8> {
        let (mark, rest) = self.0.split_first().filter(|(mark, _)| marks.contains(mark))?;
        self.0 = rest;
        Some(*mark)
    }

    /// A number of two digits after a mark.
    fn after(&mut self, mark: &[u8]) -> Option<i64> {
        self.mark(mark)?;
        self.number(2)
    }

    /// The first three of any digits behind a point.
    fn thousandths(&mut self) -> Option<i64> {
        let mut ms = self.number(1)? * 100;
        let mut unit = 10;
        while self.0.first().is_some_and(u8::is_ascii_digit) {
            ms += self.number(1)? * unit;
            unit /= 10;
        }
        Some(ms)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.0.div_euclid(DAY));
        let ms = self.0.rem_euclid(DAY);
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_prints_and_parses_as_rfc_3339() {
        let at = Timestamp::from_ms(1_780_000_000_123);
        assert_eq!(at.to_string(), "2026-05-28T20:26:40.123Z");
        assert_eq!(Timestamp::parse(&at.to_string()), Some(at));
        assert_eq!(Timestamp::parse("2026-05-28T22:26:40.123+02:00"), Some(at));
        assert_eq!(Timestamp::parse("yesterday"), None);
    }

    fn chrono(text: &str) -> Option<Timestamp> {
        let at = chrono::DateTime::parse_from_rfc3339(text).ok()?;
        Some(Timestamp(at.timestamp_millis()))
    }

    #[test]
    fn each_day_of_ten_thousand_years_is_that_of_the_calendar() {
        for day in -719_528..2_932_897_i64 {
            let at = Timestamp(day * DAY + (day * 7_919_777).rem_euclid(DAY));
            let told = chrono::DateTime::from_timestamp_millis(at.0).unwrap();
            if day % 97 == 0 {
                assert_eq!(at.to_string(), told.to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
                assert_eq!(Timestamp::parse(&at.to_string()), Some(at));
            }
            let (year, month, day_of_month) = date(day);
            assert_eq!(days(year, month, day_of_month), day);
            assert!((1..=12).contains(&month) && (1..=31).contains(&day_of_month));
        }
    }

    #[test]
    fn a_text_changed_anywhere_is_an_instant_where_it_was_one_by_rfc_3339() {
        let texts = [
            "2024-02-29T23:59:60.5Z",
            "2023-02-29T00:00:00Z",
            "1969-12-31T23:59:59.999+23:59",
            "0000-01-01t00:00:00z",
            "2026-05-28 20:26:40.1239999999-00:30",
            "2026-05-28T20:26:40",
            "2026-04-31T20:26:40Z",
            "2026-13-01T00:00:00Z",
        ];
        for text in texts {
            assert_eq!(Timestamp::parse(text), chrono(text), "{text}");
            for at in 0..text.len() {
                for other in ["", "0", "1", "2", "3", "5", "6", "9", "-", "+", ":", ".", "Z", "T", " ", "é"] {
                    let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                    assert_eq!(Timestamp::parse(&changed), chrono(&changed), "{changed}");
                }
            }
        }
    }
}
