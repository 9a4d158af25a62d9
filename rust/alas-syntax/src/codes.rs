//! Lists of codes, each written once.

/// Defines an enumeration of codes from one table of variant, name and meaning.
///
/// It gets `ALL`, every code in the order of the table; `as_str`, the name that every output writes; and `meaning`, one
/// sentence.
///
/// ```
/// alas_syntax::codes! {
///     /// Why a door stays shut.
///     pub enum DoorCode {
///         Locked "locked" "The door is locked.",
///         Jammed "jammed" "The door is jammed.",
///     }
/// }
///
/// assert_eq!(DoorCode::ALL, [DoorCode::Locked, DoorCode::Jammed]);
/// assert_eq!(DoorCode::Jammed.as_str(), "jammed");
/// assert_eq!(DoorCode::Locked.meaning(), "The door is locked.");
/// ```
#[macro_export]
macro_rules! codes {
    (
        $(#[$about:meta])*
        $visibility:vis enum $codes:ident { $($variant:ident $name:literal $meaning:literal,)+ }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $visibility enum $codes {
            $(#[doc = $meaning] $variant,)+
        }

        impl $codes {
            /// Every code, in the order in which they are documented.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The code as it is written in every output.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// One sentence on what the code means.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}
