//! Lets dcap-qvl verify every fixture, and holds its verdict against the catalogue.

use crate::quotes::compare;
use crate::report::Report;
use dcap_qvl::{verify::QuoteVerifier, QuoteCollateralV3};
use serde_json::Value;
use std::{fs, path::Path};

const VERIFIER: &str = "dcap-qvl";

/// The version that this program was built with: crates do not say, the lock file does.
pub fn version() -> &'static str {
    include_str!("../Cargo.lock")
        .split("[[package]]")
        .find_map(|package| package.trim_start().strip_prefix("name = \"dcap-qvl\"\nversion = \"")?.split('"').next())
        .unwrap_or("unknown")
}

fn json(path: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn verdict(quote: &[u8], collateral: &Path, root: Vec<u8>, now: u64) -> Result<&'static str, String> {
    let collateral: QuoteCollateralV3 = serde_json::from_slice(&fs::read(collateral).map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
    let report = QuoteVerifier::new(root).verify(quote, &collateral, now).map_err(|e| format!("{e:#}"))?;
    Ok(if report.status == "UpToDate" { "accepts" } else { "downgrades" })
}

pub fn judge(report: &mut Report, folder: &Path) {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // Those are TDREPORTs; the quote beside them is good.
    if name.starts_with("report-") {
        return;
    }
    let manifest = json(&folder.join("manifest.json")).expect("manifest.json");
    let quote = fs::read(folder.join("quote.bin")).expect("quote.bin");
    let value = json(&folder.join("quote.json"));
    compare(report, &name, &quote, value.as_ref().map(|of| &of["value"]));

    let root = fs::read(folder.join("root.der")).expect("root.der");
    let now = manifest["now"].as_u64().expect("now");
    let said = verdict(&quote, &folder.join("collateral.json"), root, now);
    let is = said.as_ref().copied().unwrap_or("refuses");
    if std::env::var_os("VERDICTS").is_some() {
        println!("VERDICT {name} {is} {}", said.as_ref().err().map_or("", String::as_str));
    }
    let expected = manifest["expect"][VERIFIER].as_str();
    let wanted = expected.unwrap_or("refuses");
    if is != wanted {
        let recorded = manifest["versions"][VERIFIER].as_str().unwrap_or("");
        let changed = if recorded.is_empty() || recorded == version() {
            "the verifier is the same: the fixture changed, or the catalogue is wrong".into()
        } else {
            format!("the verifier changed: this is {}", version())
        };
        let why = said.err().unwrap_or_default();
        report.disagree(format!("fixture {name}: the catalogue says that {VERIFIER} {recorded} {wanted} it, it {is} it ({why}); {changed}"));
    }
    if expected.is_some() {
        report.fixtures += 1;
    } else {
        report.unread += 1;
    }
}
