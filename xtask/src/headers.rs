//! Headers that go with every file of the page, and where a static host reads them.

use anyhow::{Context, Result};
use std::path::Path;

/// What isolates the page from other origins (COOP and COEP), which a browser demands before it shares memory between threads.
pub const ISOLATION: [(&str, &str); 2] =
    [("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Embedder-Policy", "require-corp")];
/// What goes with every file.
pub const ALWAYS: [(&str, &str); 3] = [ISOLATION[0], ISOLATION[1], ("X-Content-Type-Options", "nosniff")];
/// The name of the header that [`policy`] is the value of.
pub const POLICY: &str = "Content-Security-Policy";
/// What Netlify and Cloudflare Pages call the file.
pub const FILE: &str = "_headers";

/// The page's own policy, as its `<meta>` states it. A document needs no header besides, but a worker does: its policy is
/// that of the answer that brought its script.
pub fn policy(root: &Path) -> Result<String> {
    let html = std::fs::read_to_string(root.join("www/index.html")).context("cannot read www/index.html")?;
    let policy = html.split_once("http-equiv=\"Content-Security-Policy\" content=\"").and_then(|(_, rest)| {
        let (policy, _) = rest.split_once('"')?;
        Some(policy.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    policy.context("www/index.html states no Content-Security-Policy")
}

/// The content of [`FILE`]. Other hosts have no file for it that could do no harm: an `.htaccess` where it is not allowed
/// closes the whole page.
pub fn file(policy: &str) -> String {
    let lines = ALWAYS.iter().copied().chain([(POLICY, policy)]).map(|(name, value)| format!("  {name}: {value}\n"));
    std::iter::once("/*\n".to_owned()).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_asks_nobody_but_its_origin() {
        let policy = policy(&crate::project::Project::find().unwrap().root).unwrap();
        let directives: Vec<_> = policy.split("; ").collect();
        let expected = ["default-src 'self'", "connect-src 'self'", "worker-src 'self'", "base-uri 'none'"];
        // `default-src` does not cover what a form asks, nor the base of addresses.
        for directive in expected.into_iter().chain(["form-action 'none'"]) {
            assert!(directives.contains(&directive), "{directive} in {policy}");
        }
        // Cloudflare ignores longer lines.
        assert!(file(&policy).lines().all(|line| line.len() < 2000));
    }
}
