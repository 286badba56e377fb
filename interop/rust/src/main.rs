//! Reads the golden vectors of tdx-codec in Rust, holds dcap-qvl against the JSON of quotes, and its verdicts against the catalogue.
//!
//! `cargo run --release --locked [FOLDER]`: the folder that `npm run interop` writes; ../.cache/data unless told.
//! With VERDICTS in the environment it prints every verdict. Fails when anything disagrees.

mod layouts;
mod quotes;
mod read;
mod report;
mod vectors;
mod verdicts;

use report::Report;
use serde_json::Value;
use std::{fs, path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or("../.cache/data".into()));
    let mut report = Report::default();
    vectors::read_all(&mut report);

    let corpus: Vec<Value> = serde_json::from_slice(&fs::read(folder.join("corpus.json")).expect("corpus.json")).expect("JSON");
    if corpus.is_empty() {
        println!("SKIPPED: quotes of the corpus, since there is none");
    }
    for each in &corpus {
        let path = each["path"].as_str().expect("a path");
        quotes::compare(&mut report, each["name"].as_str().unwrap_or(path), &fs::read(path).expect(path), each.get("value"));
    }
    let mut fixtures: Vec<PathBuf> =
        fs::read_dir(folder.join("fixtures")).expect("fixtures").map(|entry| entry.expect("an entry").path()).collect();
    fixtures.sort();
    for fixture in &fixtures {
        verdicts::judge(&mut report, fixture);
    }

    let Report { vectors, quotes, fixtures, unread, theirs, disagreements, .. } = report;
    let version = verdicts::version();
    println!("dcap-qvl {version}: {unread} fixtures are of kinds that it does not read; it reads {theirs} quotes that are malformed for us");
    println!("rust: vectors read {vectors}, quotes compared {quotes}, fixtures judged {fixtures}, disagreements {disagreements}");
    if disagreements == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
