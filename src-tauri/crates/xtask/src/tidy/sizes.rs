//! The sizes of files and functions.

use syn::visit::{self, Visit};

use super::finding::Finding;
use super::source::Source;

const LONG_FILE: usize = 400;
const TOO_LONG_FILE: usize = 600;
const TOO_LONG_COMPONENT: usize = 300;
const LONG_FUNCTION: usize = 40;
const TOO_LONG_FUNCTION: usize = 70;

/// Measures every Rust file, its functions, and every Svelte component.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let lines = source.text.lines().count();
        if source.is_rust() {
            findings.extend(judge(&source.path, "file", lines, LONG_FILE, TOO_LONG_FILE));
            findings.extend(functions(source));
        } else if source.path.ends_with(".svelte") && lines > TOO_LONG_COMPONENT {
            let message = format!("a component of {lines} lines; {TOO_LONG_COMPONENT} are the end");
            findings.push(Finding::error(&source.path, message));
        }
    }
    findings
}

fn judge(place: &str, what: &str, lines: usize, long: usize, too_long: usize) -> Option<Finding> {
    if lines > too_long {
        let message = format!("a {what} of {lines} lines; {too_long} are the end");
        Some(Finding::error(place, message))
    } else if lines > long {
        let message = format!("a {what} of {lines} lines; stop at {long}");
        Some(Finding::warning(place, message))
    } else {
        None
    }
}

fn functions(source: &Source) -> Vec<Finding> {
    let file = match syn::parse_file(&source.text) {
        Ok(file) => file,
        Err(error) => {
            return vec![Finding::error(&source.path, format!("no Rust: {error}"))];
        }
    };
    let mut ruler = Ruler {
        path: &source.path,
        findings: Vec::new(),
    };
    ruler.visit_file(&file);
    ruler.findings
}

/// Walks over a file and measures the body of each function.
struct Ruler<'a> {
    path: &'a str,
    findings: Vec<Finding>,
}

impl Ruler<'_> {
    fn measure(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let braces = body.brace_token.span;
        let first = signature.ident.span().start().line;
        let last = braces.close().start().line;
        let lines = last.saturating_sub(braces.open().end().line + 1);
        let place = format!("{}:{first}", self.path);
        let finding = judge(&place, "function", lines, LONG_FUNCTION, TOO_LONG_FUNCTION);
        self.findings.extend(finding);
    }
}

impl<'ast> Visit<'ast> for Ruler<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.measure(&function.sig, body);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: String) -> Vec<String> {
        let source = Source {
            path: "a.rs".to_owned(),
            text,
        };
        check(&[source]).iter().map(ToString::to_string).collect()
    }

    fn method_of(lines: usize) -> String {
        let body = "let _ = 1;\n".repeat(lines);
        format!("struct A;\nimpl A {{\nfn long() {{\n{body}}}\n}}\n")
    }

    #[test]
    fn a_function_is_measured_by_the_lines_between_its_braces() {
        assert!(findings(method_of(40)).is_empty());
        assert_eq!(
            findings(method_of(41)),
            ["warning: a.rs:3: a function of 41 lines; stop at 40"]
        );
        assert_eq!(
            findings(method_of(71)),
            ["error: a.rs:3: a function of 71 lines; 70 are the end"]
        );
    }

    #[test]
    fn a_long_file_is_warned_of_and_then_refused() {
        assert!(findings("\n".repeat(400)).is_empty());
        assert!(findings("\n".repeat(401))[0].starts_with("warning"));
        assert!(findings("\n".repeat(601))[0].starts_with("error"));
    }
}
