//! Which addresses are those of the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the public internet, and not of the machine, of a network around it, of a group, or of no use at
/// all. What stands inside an address of version 6 is looked at, where that is an address of version 4.
///
/// These are the blocks that IANA's registries of special-purpose addresses do not call globally reachable (RFC 6890).
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// What is not public of version 4, as the start of each block and how many bits its addresses share.
const INTERNAL_V4: [([u8; 4], u32); 15] = [
    // This network, private, and the machine itself.
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([127, 0, 0, 0], 8),
    // Between a provider and its customers (RFC 6598).
    ([100, 64, 0, 0], 10),
    // The link.
    ([169, 254, 0, 0], 16),
    // Private.
    ([172, 16, 0, 0], 12),
    ([192, 168, 0, 0], 16),
    // Assigned by protocols, and relays of 6to4.
    ([192, 0, 0, 0], 24),
    ([192, 88, 99, 0], 24),
    // Documentation.
    ([192, 0, 2, 0], 24),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Measurements.
    ([198, 18, 0, 0], 15),
    // Groups, what is kept for later, and everybody.
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let start = |address: Ipv4Addr, bits: u32| u32::from(address) >> (32 - bits);
    !INTERNAL_V4.iter().any(|&(block, bits)| start(address, bits) == start(block.into(), bits))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // An address of version 4 behind a translator (RFC 6052), and in 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            is_public_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
        }
        // Assigned by protocols, among them Teredo; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Nothing else is assigned: the rest is the machine itself, the link, private, or a group.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}
