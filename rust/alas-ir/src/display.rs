//! Functions as text, for people and for tests.

use std::fmt;

use crate::{Function, Operand, Register, Terminator};

impl fmt::Display for Register {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "r{}", self.0)
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", if self.last { "last " } else { "" }, self.register)
    }
}

impl fmt::Display for Function {
    /// One line an instruction, one paragraph a block.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "function {} ({} parameters) -> {:?}", self.name, self.parameters, self.result)?;
        for (number, block) in self.blocks.iter().enumerate() {
            writeln!(formatter, "b{number}:")?;
            for (_, instruction) in &block.instructions {
                writeln!(formatter, "  {instruction:?}")?;
            }
            match &block.terminator {
                Terminator::Jump { to, back } => {
                    writeln!(formatter, "  jump b{}{}", to.0, if *back { " (back)" } else { "" })?;
                }
                Terminator::Branch { condition, then, otherwise, back } => writeln!(
                    formatter,
                    "  if {condition} b{}{} else b{}",
                    then.0,
                    if *back { " (back)" } else { "" },
                    otherwise.0
                )?,
                Terminator::Return(operand) => writeln!(formatter, "  return {operand}")?,
            }
        }
        Ok(())
    }
}
