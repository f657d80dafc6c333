//! `.env` files: assignments with comments, quotes and earlier variables.

use super::Variables;

/// How long one value may grow; more is a bomb.
const LONGEST: usize = 64 * 1024;

pub(super) fn read(text: &str, outer: &Variables) -> Variables {
    let mut variables = Variables::new();
    let text = text.trim_start_matches('\u{feff}');
    for line in text.lines() {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let name = name.trim();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if name.is_empty() || !name.chars().all(is_name) {
            continue;
        }
        let value = value_of(value.trim(), &variables, outer);
        variables.insert(name.to_owned(), value);
    }
    variables.extend(outer.clone());
    variables
}

fn value_of(written: &str, variables: &Variables, outer: &Variables) -> String {
    if let Some(rest) = written.strip_prefix('\'') {
        return rest.split('\'').next().unwrap_or_default().to_owned();
    }
    if let Some(rest) = written.strip_prefix('"') {
        return fill(&quoted(rest), variables, outer);
    }
    let end = written
        .match_indices('#')
        .map(|(at, _)| at)
        .find(|at| *at == 0 || written.get(..*at).is_some_and(|b| b.ends_with([' ', '\t'])));
    let plain = written
        .get(..end.unwrap_or(written.len()))
        .unwrap_or_default();
    fill(plain.trim_end(), variables, outer)
}

/// Takes text up to the closing quote, with the escapes of Compose.
fn quoted(rest: &str) -> String {
    let mut text = String::new();
    let mut characters = rest.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            other => text.push(other),
        }
    }
    text
}

/// Puts earlier variables in; what is not set is empty.
fn fill(text: &str, variables: &Variables, outer: &Variables) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        filled += before;
        let braced = behind
            .strip_prefix('{')
            .and_then(|inside| inside.split_once('}'));
        let (name, default, behind) = match braced {
            Some((inside, behind)) => {
                let (name, default) = inside.split_once(":-").unwrap_or((inside, ""));
                (name, default, behind)
            }
            None => {
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let end = behind.find(|c: char| !is_name(c)).unwrap_or(behind.len());
                let (name, behind) = behind.split_at(end);
                (name, if name.is_empty() { "$" } else { "" }, behind)
            }
        };
        let value = outer.get(name).or_else(|| variables.get(name));
        filled += value.map_or(default, String::as_str);
        rest = behind;
        if filled.len() > LONGEST {
            return filled.chars().take(LONGEST).collect();
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(text: &str, name: &str) -> String {
        let outer = Variables::from([("OUTER".to_owned(), "o".to_owned())]);
        read(text, &outer).get(name).cloned().unwrap_or_default()
    }

    #[test]
    fn comments_quotes_and_earlier_variables_are_understood() {
        assert_eq!(read_one("A=1 # one", "A"), "1");
        assert_eq!(read_one("A=a#b", "A"), "a#b");
        assert_eq!(read_one("A='$X # y'", "A"), "$X # y");
        assert_eq!(read_one("A=\"a\\n\\\"b\" # c", "A"), "a\n\"b");
        assert_eq!(read_one("A=1\nB=x:${A}-$OUTER", "B"), "x:1-o");
        assert_eq!(read_one("B=${A:-d}$", "B"), "d$");
        assert_eq!(read_one("export A=1\r\n", "A"), "1");
        assert_eq!(read_one("OUTER=mine", "OUTER"), "o");
        assert_eq!(read_one("no assignment\n=x\nA=", "A"), "");
    }

    #[test]
    fn a_bomb_of_variables_stays_small() {
        let text: String = (1..60)
            .map(|n| format!("V{n}=${{V{0}}}${{V{0}}}x\n", n - 1))
            .collect();
        let longest = read(&text, &Variables::new())
            .values()
            .map(String::len)
            .max();
        assert!(longest.unwrap() <= LONGEST + 1);
    }
}
