//! Addresses that a release file may never reach: link-local ones and those at which clouds give
//! out their machines' credentials.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

const METADATA_V4: [Ipv4Addr; 2] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(192, 0, 0, 192),
];
/// The prefix under which one cloud keeps all services of this kind.
const METADATA_V6: [u16; 2] = [0xfd00, 0xec2];
const METADATA_NAMES: [&str; 3] = [
    "metadata.google.internal",
    "metadata.goog",
    "instance-data.ec2.internal",
];

/// Checks scheme and host as they are written; what a name resolves to is checked when it is
/// connected to, so that an answer that changes in between changes nothing.
pub(crate) fn check(url: &Url) -> Result<(), String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!(
            "`{}` is not http or https",
            url.scheme().escape_debug()
        ));
    }
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse();
    let forbidden = match literal {
        Ok(address) => is_forbidden(address),
        Err(_) => METADATA_NAMES.contains(&host.to_ascii_lowercase().as_str()),
    };
    if forbidden {
        return Err(refusal());
    }
    Ok(())
}

/// Says whether an address, or the one that its host is, may never be reached.
pub(crate) fn is_refused(url: &Url) -> bool {
    check(url) == Err(refusal())
}

/// Says why an address is refused.
pub(crate) fn refusal() -> String {
    "link-local and metadata addresses are never called".into()
}

/// Says whether an address is one of those, also where an IPv4 address is written inside IPv6.
pub(crate) fn is_forbidden(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_forbidden_v4(v4),
        IpAddr::V6(v6) => {
            v6.is_unicast_link_local()
                || v6.segments().starts_with(&METADATA_V6)
                || embedded(v6).is_some_and(is_forbidden_v4)
        }
    }
}

fn is_forbidden_v4(address: Ipv4Addr) -> bool {
    address.is_link_local() || METADATA_V4.contains(&address)
}

/// Gives the IPv4 address inside a mapped, compatible, NAT64 or 6to4 address.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match (a, b) {
        (0, 0) if (c, d, e) == (0, 0, 0) && matches!(f, 0 | 0xffff) => Some(v4(g, h)),
        (0x64, 0xff9b) => Some(v4(g, h)),
        (0x2002, high) => Some(v4(high, c)),
        _other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_link_local_address_is_refused() {
        for host in [
            "169.254.169.254",
            "0xa9fea9fe",
            "2852039166",
            "0251.0376.0251.0376",
            "169.254.43518",
            "[::ffff:169.254.169.254]",
            "[::169.254.169.254]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:a9fe:a9fe::]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "[fd00:ec2::23]",
            "100.100.100.200",
            "metadata.google.internal.",
            "METADATA.google.internal",
        ] {
            let url = format!("http://{host}/latest").parse().unwrap();
            assert_eq!(check(&url), Err(refusal()), "{host}");
        }
    }

    #[test]
    fn loopback_and_private_addresses_are_allowed() {
        for host in ["127.0.0.1", "[::1]", "10.0.0.1", "example.com"] {
            assert_eq!(check(&format!("http://{host}/").parse().unwrap()), Ok(()));
        }
    }

    #[test]
    fn other_schemes_are_refused() {
        for url in ["file:///etc/passwd", "gopher://h/", "ftp://h/"] {
            assert!(check(&url.parse().unwrap()).is_err(), "{url}");
        }
    }
}
