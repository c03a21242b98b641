//! Leaves the blanks out of `openapi.json`: they are for people who read the file, and the Worker carries it.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=openapi.json");
    let folder = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    fs::write(Path::new(&folder).join("openapi.json"), compact(&fs::read_to_string("openapi.json")?))
}

/// JSON without the blanks outside its texts.
fn compact(json: &str) -> String {
    let (mut is_text, mut is_escaped) = (false, false);
    let keep = |c: &char| {
        let was_text = is_text;
        if *c == '"' && !is_escaped {
            is_text = !is_text;
        }
        is_escaped = is_text && *c == '\\' && !is_escaped;
        was_text || !c.is_ascii_whitespace()
    };
    json.chars().filter(keep).collect()
}
