//! The instructions of the interpreter: eight bytes each, operands in the slots of the frame.
//!
//! They follow the intermediate representation closely. What is added: immediates, comparisons fused with the jump that
//! they decide and with the step before it, and staging, the slots behind the frame in which dynamic operands and
//! arguments are laid out for whoever takes them. Staging is not released when a frame is unwound, so that an op takes
//! everything out of it before it can fail, and nothing that can fail stands between filling and taking.

use alas_ir::{Class, Comparison};
use alas_library::Builtin;
use alas_syntax::BinaryOperator;
use alas_value::Tag;

/// A slot of the frame, counted in 64-bit words from its base. A dynamic value takes two.
pub(crate) type Slot = u16;

/// How far a jump goes, counted in instructions from the one behind it.
pub(crate) type Near = i16;

/// One instruction. `to` is written; `Give` moves out of a slot and clears it, `Share` takes another count.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(crate) enum Op {
    // Moving values about.
    Int {
        to: Slot,
        value: i32,
    },
    Wide {
        to: Slot,
        constant: u32,
    },
    Void {
        to: Slot,
    },
    Text {
        to: Slot,
        constant: u32,
    },
    Move {
        to: Slot,
        from: Slot,
    },
    Give {
        to: Slot,
        from: Slot,
    },
    Share {
        to: Slot,
        from: Slot,
    },
    GiveValue {
        to: Slot,
        from: Slot,
    },
    ShareValue {
        to: Slot,
        from: Slot,
    },
    Drop {
        class: Class,
        slot: Slot,
    },
    BoxScalar {
        tag: Tag,
        to: Slot,
        from: Slot,
    },
    BoxGive {
        tag: Tag,
        to: Slot,
        from: Slot,
    },
    BoxShare {
        tag: Tag,
        to: Slot,
        from: Slot,
    },
    Unbox {
        class: Class,
        to: Slot,
        from: Slot,
    },
    Convert {
        to: Slot,
        from: Slot,
        kind: u16,
    },

    // Ints.
    AddInt {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    SubtractInt {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    MultiplyInt {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    DivideInt {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    RemainderInt {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    AddImmediate {
        to: Slot,
        left: Slot,
        right: i16,
    },
    MultiplyImmediate {
        to: Slot,
        left: Slot,
        right: i16,
    },
    /// The divisor is one of the code's constant divisors.
    DivideConstant {
        to: Slot,
        left: Slot,
        divisor: u16,
    },
    /// The divisor is one of the code's constant divisors.
    RemainderConstant {
        to: Slot,
        left: Slot,
        divisor: u16,
    },
    NegateInt {
        to: Slot,
        from: Slot,
    },

    // Floats.
    AddFloat {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    SubtractFloat {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    MultiplyFloat {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    DivideFloat {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    RemainderFloat {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    NegateFloat {
        to: Slot,
        from: Slot,
    },
    IntToFloat {
        to: Slot,
        from: Slot,
    },
    SquareRoot {
        to: Slot,
        from: Slot,
    },

    // Comparisons.
    CompareInts {
        comparison: Comparison,
        to: Slot,
        left: Slot,
        right: Slot,
    },
    CompareFloats {
        comparison: Comparison,
        to: Slot,
        left: Slot,
        right: Slot,
    },
    CompareIntFloat {
        comparison: Comparison,
        to: Slot,
        left: Slot,
        right: Slot,
    },
    CompareTexts {
        comparison: Comparison,
        to: Slot,
        left: Slot,
        right: Slot,
    },
    CompareValues {
        comparison: Comparison,
        to: Slot,
        left: Slot,
        right: Slot,
    },
    Not {
        to: Slot,
        from: Slot,
    },
    Truth {
        class: Class,
        to: Slot,
        from: Slot,
    },

    // Jumps.
    Jump {
        by: i32,
    },
    JumpIf {
        condition: Slot,
        by: i32,
    },
    JumpUnless {
        condition: Slot,
        by: i32,
    },
    JumpLessInt {
        left: Slot,
        right: Slot,
        by: Near,
    },
    JumpLessEqualInt {
        left: Slot,
        right: Slot,
        by: Near,
    },
    JumpEqualInt {
        left: Slot,
        right: Slot,
        by: Near,
    },
    JumpNotEqualInt {
        left: Slot,
        right: Slot,
        by: Near,
    },
    JumpLessImmediate {
        left: Slot,
        right: i16,
        by: Near,
    },
    JumpLessEqualImmediate {
        left: Slot,
        right: i16,
        by: Near,
    },
    JumpGreaterImmediate {
        left: Slot,
        right: i16,
        by: Near,
    },
    JumpGreaterEqualImmediate {
        left: Slot,
        right: i16,
        by: Near,
    },
    JumpEqualImmediate {
        left: Slot,
        right: i16,
        by: Near,
    },
    JumpNotEqualImmediate {
        left: Slot,
        right: i16,
        by: Near,
    },
    JumpLessFloat {
        left: Slot,
        right: Slot,
        by: Near,
    },
    JumpLessEqualFloat {
        left: Slot,
        right: Slot,
        by: Near,
    },
    JumpNotLessFloat {
        left: Slot,
        right: Slot,
        by: Near,
    },
    JumpNotLessEqualFloat {
        left: Slot,
        right: Slot,
        by: Near,
    },

    // Jumps that close a loop: they count a step and poll.
    Loop {
        by: i32,
    },
    LoopIf {
        condition: Slot,
        by: i32,
    },
    LoopLessInt {
        left: Slot,
        right: Slot,
        by: Near,
    },
    LoopLessEqualInt {
        left: Slot,
        right: Slot,
        by: Near,
    },
    LoopNotEqualInt {
        left: Slot,
        right: Slot,
        by: Near,
    },
    LoopLessImmediate {
        left: Slot,
        right: i16,
        by: Near,
    },
    LoopLessEqualImmediate {
        left: Slot,
        right: i16,
        by: Near,
    },
    LoopGreaterImmediate {
        left: Slot,
        right: i16,
        by: Near,
    },
    LoopGreaterEqualImmediate {
        left: Slot,
        right: i16,
        by: Near,
    },
    LoopNotEqualImmediate {
        left: Slot,
        right: i16,
        by: Near,
    },
    /// Adds one to the counter first.
    StepLessInt {
        counter: Slot,
        limit: Slot,
        by: Near,
    },
    /// Adds one to the counter first.
    StepLessEqualInt {
        counter: Slot,
        limit: Slot,
        by: Near,
    },
    /// Adds one to the counter first.
    StepLessImmediate {
        counter: Slot,
        limit: i16,
        by: Near,
    },
    /// Adds one to the counter first.
    StepLessEqualImmediate {
        counter: Slot,
        limit: i16,
        by: Near,
    },
    LoopLessFloat {
        left: Slot,
        right: Slot,
        by: Near,
    },
    LoopLessEqualFloat {
        left: Slot,
        right: Slot,
        by: Near,
    },

    // Dynamic values. The flags tell which operands are moved rather than shared.
    DynamicBinary {
        operation: DynamicOperation,
        to: Slot,
        left: Slot,
        right: Slot,
    },
    DynamicNegate {
        to: Slot,
        from: Slot,
    },
    Index {
        to: Slot,
        object: Slot,
        index: Slot,
    },
    TakeIndex {
        to: Slot,
        object: Slot,
        index: Slot,
    },

    // Text.
    ToText {
        class: Class,
        to: Slot,
        from: Slot,
    },
    Concat {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    ConcatInt {
        to: Slot,
        left: Slot,
        right: Slot,
    },
    Append {
        text: Slot,
        right: Slot,
    },
    AppendInt {
        text: Slot,
        right: Slot,
    },
    TextIndex {
        to: Slot,
        text: Slot,
        index: Slot,
    },
    Length {
        class: Class,
        to: Slot,
        from: Slot,
    },

    // Arrays. Updates work on the array in its slot.
    NewArray {
        to: Slot,
        from: Slot,
        count: u16,
    },
    ArrayGetInt {
        to: Slot,
        array: Slot,
        index: Slot,
    },
    ArrayGetFloat {
        to: Slot,
        array: Slot,
        index: Slot,
    },
    ArrayGet {
        class: Class,
        to: Slot,
        array: Slot,
        index: Slot,
    },
    TakeElement {
        class: Class,
        to: Slot,
        array: Slot,
        index: Slot,
    },
    ArrayPushInt {
        array: Slot,
        value: Slot,
    },
    ArrayPushFloat {
        array: Slot,
        value: Slot,
    },
    ArrayPush {
        array: Slot,
        value: Slot,
    },
    ArraySetInt {
        array: Slot,
        index: Slot,
        value: Slot,
    },
    ArraySetFloat {
        array: Slot,
        index: Slot,
        value: Slot,
    },
    ArraySet {
        array: Slot,
        index: Slot,
        value: Slot,
    },

    // Maps. Updates work on the map in its slot.
    NewMap {
        to: Slot,
        from: Slot,
        count: u16,
    },
    /// The class is that of the key.
    MapContains {
        class: Class,
        to: Slot,
        map: Slot,
        key: Slot,
    },
    MapGet {
        access: MapAccess,
        to: Slot,
        map: Slot,
        key: Slot,
    },
    MapGetOfValue {
        access: MapAccess,
        to: Slot,
        object: Slot,
        key: Slot,
    },
    MapPut {
        access: MapAccess,
        map: Slot,
        key: Slot,
        value: Slot,
    },
    /// Adds to the int of a key, which is zero when there is none.
    MapCount {
        access: MapAccess,
        map: Slot,
        key: Slot,
        amount: i16,
    },
    Field {
        class: Class,
        to: Slot,
        map: Slot,
        key: u16,
    },
    TakeField {
        class: Class,
        to: Slot,
        map: Slot,
        key: u16,
    },
    FieldOfValue {
        class: Class,
        to: Slot,
        object: Slot,
        key: u16,
    },
    TakeFieldOfValue {
        class: Class,
        to: Slot,
        object: Slot,
        key: u16,
    },

    // Calls. Arguments stand in staging.
    Call {
        to: Slot,
        callee: u32,
    },
    CallNamed {
        to: Slot,
        name: Slot,
        count: u16,
    },
    Try {
        to: Slot,
        function: Slot,
        arguments: Slot,
    },
    Builtin {
        to: Slot,
        builtin: Builtin,
        count: u16,
    },
    /// Calls what the host implements the function with; `number` counts in the module's table of such. The arguments
    /// are those of the function itself, dynamic.
    CallHost {
        to: Slot,
        number: u32,
    },
    /// Calls a function of any module that the host implements, without a frame of its own. The arguments are staged like
    /// those of a call.
    CallOutside {
        to: Slot,
        callee: u32,
    },
    /// Counts a call of the function that it is the first op of.
    CountCall,
    Return {
        from: Slot,
    },
    ReturnValue {
        from: Slot,
    },
}

const _: () = assert!(size_of::<Op>() == 8);

/// A binary operator and which of its operands it may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DynamicOperation(u8);

impl DynamicOperation {
    pub(crate) fn new(operator: BinaryOperator, take_left: bool, take_right: bool) -> Self {
        Self((operator as u8) << 2 | u8::from(take_left) << 1 | u8::from(take_right))
    }

    pub(crate) fn operator(self) -> BinaryOperator {
        BinaryOperator::ALL[usize::from(self.0 >> 2)]
    }

    pub(crate) fn takes_left(self) -> bool {
        self.0 & 2 != 0
    }

    pub(crate) fn takes_right(self) -> bool {
        self.0 & 1 != 0
    }
}

/// How a map instruction finds its key and what it does with its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MapAccess(u8);

impl MapAccess {
    /// `key` is `Int`, `Text` or `Dynamic`; `value` the class that is read or written. With `default`, a missing key
    /// leaves what stands in the destination.
    pub(crate) fn new(key: Class, value: Class, default: bool) -> Self {
        Self((key as u8) << 4 | (value as u8) << 1 | u8::from(default))
    }

    /// The same access, which may take the value when nobody else holds the map.
    pub(crate) fn taking(self, take: bool) -> Self {
        Self(self.0 | u8::from(take) << 7)
    }

    pub(crate) fn takes(self) -> bool {
        self.0 >> 7 != 0
    }

    pub(crate) fn key(self) -> Class {
        CLASSES[usize::from(self.0 >> 4 & 7)]
    }

    pub(crate) fn value(self) -> Class {
        CLASSES[usize::from(self.0 >> 1 & 7)]
    }

    pub(crate) fn has_default(self) -> bool {
        self.0 & 1 != 0
    }
}

/// The classes in the order of their numbers; one more, so that three bits always name one.
const CLASSES: [Class; 8] = [
    Class::Bool,
    Class::Int,
    Class::Float,
    Class::Text,
    Class::Array,
    Class::Map,
    Class::Dynamic,
    Class::Dynamic,
];
