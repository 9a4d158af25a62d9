//! The types of local variables: the join of all that is assigned to them, wherever that stands.
//!
//! Starts from the declared types of the parameters and from nothing for other variables, and evaluates the
//! type of each assigned expression until nothing changes. An assignment is evaluated again only when a
//! variable that it reads has changed. Types only grow, and an assignment that does not settle makes its
//! variable `any`, so that the work is proportional to the size of the function.
//!
//! While types grow, [`Type::Never`] means that nothing is known yet. What remains so never holds a value,
//! for example an element of an array that is always empty. A second phase then runs with the rules by which
//! expressions are checked, where no expression is `Never`.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use alas_library::Builtin;
use alas_syntax::{
    BinaryOperator, Expression, ExpressionKind, Function, Invalid, Literal, Statement, StatementKind,
    UnaryOperator,
};

use crate::modules::{Scope, Target, Unresolved};
use crate::shapes::Shapes;
use crate::{FunctionInterface, Local, LocalId, Type, builtin, rules, walk};

/// How often an assignment is evaluated before its variable becomes `any`.
const EVALUATIONS: u32 = 32;

/// The variables of a function, with their types.
pub(crate) struct Locals<'m> {
    /// Parameters first, then the others in the order of their first assignment.
    pub(crate) list: Vec<Local>,
    by_name: HashMap<&'m str, LocalId>,
    /// How many of them are parameters.
    pub(crate) parameters: usize,
}

impl<'m> Locals<'m> {
    /// The variable of this name.
    pub(crate) fn find(&self, name: &str) -> Option<LocalId> {
        self.by_name.get(name).copied()
    }

    /// What is known of a variable's values.
    pub(crate) fn kind(&self, local: LocalId) -> &Type {
        &self.list[local.0 as usize].kind
    }

    /// All names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.list.iter().map(|local| &*local.name)
    }

    fn add(&mut self, name: &'m Arc<str>, kind: Type) -> LocalId {
        let next = LocalId(self.list.len() as u32);
        let local = *self.by_name.entry(name).or_insert(next);
        if local == next {
            self.list.push(Local { name: Arc::clone(name), kind });
        } else if kind != Type::Never {
            let known = &mut self.list[local.0 as usize].kind;
            *known = known.join(&kind);
        }
        local
    }
}

/// Finds the variables of a function and infers their types.
pub(crate) fn locals<'m>(
    function: &'m Function,
    declared: &FunctionInterface,
    scope: &Scope<'m>,
    shapes: &Shapes<'m>,
) -> Locals<'m> {
    let mut locals = Locals { list: Vec::new(), by_name: HashMap::new(), parameters: 0 };
    let parameters = function.parameters.iter().zip(&declared.parameters);
    for (parameter, declared) in parameters.filter(|(parameter, _)| !parameter.name.is_unknown()) {
        locals.add(&parameter.name.text, declared.kind.clone());
    }
    locals.parameters = locals.list.len();
    let mut assignments = Vec::new();
    collect(function.statements(), &mut locals, &mut assignments);
    walk::statements(function.statements(), &mut |expression| {
        if let ExpressionKind::Invalid(invalid) = &expression.kind {
            collect_invalid(invalid, &mut locals, &mut assignments);
        }
    });
    if assignments.is_empty() {
        return locals;
    }
    let mut inference = Inference {
        readers: vec![Vec::new(); locals.list.len()],
        locals,
        scope,
        shapes,
        queue: VecDeque::new(),
        recording: None,
        settled: false,
        met_nothing: false,
    };
    inference.run(&mut assignments);
    inference.settle(&mut assignments);
    inference.locals
}

/// An assignment and how the work on it stands.
struct Assignment<'m> {
    target: LocalId,
    value: &'m Expression,
    evaluations: u32,
    queued: bool,
}

fn collect<'m>(statements: &'m [Statement], locals: &mut Locals<'m>, found: &mut Vec<Assignment<'m>>) {
    for statement in statements {
        match &statement.kind {
            StatementKind::Assign { target, value } => {
                let target = locals.add(&target.text, Type::Never);
                found.push(Assignment { target, value, evaluations: 0, queued: false });
            }
            StatementKind::If { then, otherwise, .. } => {
                collect(then, locals, found);
                collect(otherwise, locals, found);
            }
            StatementKind::While { body, .. } => collect(body, locals, found),
            StatementKind::For { init, update, body, .. } => {
                if let Some(init) = init {
                    collect(std::slice::from_ref(init), locals, found);
                }
                collect(body, locals, found);
                if let Some(update) = update {
                    collect(std::slice::from_ref(update), locals, found);
                }
            }
            StatementKind::Return { .. } | StatementKind::Expression { .. } => {}
            StatementKind::Invalid(invalid) => collect_invalid(invalid, locals, found),
        }
    }
}

/// What a placeholder may bind can be anything.
fn collect_invalid<'m>(invalid: &'m Invalid, locals: &mut Locals<'m>, found: &mut Vec<Assignment<'m>>) {
    for name in &invalid.names {
        locals.add(name, Type::Any);
    }
    collect(&invalid.parts, locals, found);
}

struct Inference<'i, 'm> {
    locals: Locals<'m>,
    scope: &'i Scope<'m>,
    shapes: &'i Shapes<'m>,
    /// For each variable the assignments that read it.
    readers: Vec<Vec<u32>>,
    queue: VecDeque<u32>,
    /// The assignment that is evaluated for the first time, which finds the variables that it reads.
    recording: Option<u32>,
    /// Whether expressions without any value count as `any`.
    settled: bool,
    /// Whether such an expression was met.
    met_nothing: bool,
}

impl<'m> Inference<'_, 'm> {
    /// Evaluates all assignments until nothing changes.
    fn run(&mut self, assignments: &mut [Assignment<'m>]) {
        self.queue.extend(0..assignments.len() as u32);
        for assignment in assignments.iter_mut() {
            assignment.queued = true;
        }
        while let Some(index) = self.queue.pop_front() {
            let assignment = &mut assignments[index as usize];
            assignment.queued = false;
            let target = assignment.target.0 as usize;
            if self.locals.list[target].kind == Type::Any {
                continue;
            }
            assignment.evaluations += 1;
            let value = if assignment.evaluations > EVALUATIONS {
                Type::Any
            } else {
                self.recording = (assignment.evaluations == 1 && !self.settled).then_some(index);
                self.expression(assignment.value)
            };
            let local = &mut self.locals.list[target];
            let joined = rules::capped(local.kind.join(&value));
            if joined == local.kind {
                continue;
            }
            local.kind = joined;
            for reader in &self.readers[target] {
                let reading = &mut assignments[*reader as usize];
                if !reading.queued {
                    reading.queued = true;
                    self.queue.push_back(*reader);
                }
            }
        }
    }

    /// Gives what has no value the type `any`, and goes on from there.
    fn settle(&mut self, assignments: &mut [Assignment<'m>]) {
        let unknown = self.locals.list.iter_mut().filter(|local| local.kind == Type::Never);
        let unknown = unknown.map(|local| local.kind = Type::Any).count();
        if self.met_nothing || unknown > 0 {
            self.settled = true;
            for assignment in assignments.iter_mut() {
                assignment.evaluations = 0;
            }
            self.run(assignments);
        }
    }

    /// The type of an expression; `any` where it is wrong, so that one mistake is reported once.
    fn expression(&mut self, expression: &'m Expression) -> Type {
        let kind = match &expression.kind {
            ExpressionKind::Literal(literal) => rules::literal(literal),
            ExpressionKind::Variable(name) => match self.locals.find(&name.text) {
                Some(local) => self.read(local),
                None => Type::Any,
            },
            ExpressionKind::Binary { operator, left, right } => self.binary(*operator, left, right),
            ExpressionKind::Unary { operator: UnaryOperator::Not, .. } => Type::Bool,
            ExpressionKind::Unary { operator, operand } => {
                let operand = self.expression(operand);
                rules::unary(*operator, &operand).unwrap_or(Type::Any)
            }
            ExpressionKind::Call { name, arguments } => self.call(self.scope.call(&name.text), arguments),
            ExpressionKind::ModuleCall { module, name, arguments } => {
                self.call(self.scope.module_call(&module.text, &name.text), arguments)
            }
            ExpressionKind::Builtin { name, arguments } => {
                self.call(self.scope.builtin(&name.text), arguments)
            }
            ExpressionKind::Array(elements) => {
                let element = self.join(elements.iter());
                rules::capped(Type::array(element))
            }
            ExpressionKind::Map(pairs) => {
                let value = self.join(pairs.iter().map(|pair| &pair.value));
                rules::capped(Type::map(value))
            }
            ExpressionKind::Index { object, index } => {
                let object = self.expression(object);
                let constant = constant_text(index);
                let index = self.expression(index);
                rules::index(&object, &index, constant, self.shapes).unwrap_or(Type::Any)
            }
            ExpressionKind::Field { object, field } => {
                let object = self.expression(object);
                rules::field(&object, &field.text, self.shapes).unwrap_or(Type::Any)
            }
            ExpressionKind::Invalid(_) => Type::Any,
        };
        if kind != Type::Never {
            return kind;
        }
        self.met_nothing = true;
        if self.settled { Type::Any } else { Type::Never }
    }

    fn read(&mut self, local: LocalId) -> Type {
        if let Some(current) = self.recording {
            let readers = &mut self.readers[local.0 as usize];
            if readers.last() != Some(&current) {
                readers.push(current);
            }
        }
        self.locals.kind(local).clone()
    }

    fn join(&mut self, expressions: impl Iterator<Item = &'m Expression>) -> Type {
        let mut joined = Type::Never;
        for expression in expressions {
            joined = joined.join(&self.expression(expression));
        }
        joined
    }

    fn binary(&mut self, operator: BinaryOperator, left: &'m Expression, right: &'m Expression) -> Type {
        use BinaryOperator as Op;
        if matches!(operator, Op::Equal | Op::NotEqual | Op::And | Op::Or) {
            return Type::Bool;
        }
        let left = self.expression(left);
        let right = self.expression(right);
        rules::binary(operator, &left, &right).unwrap_or(Type::Any)
    }

    fn call(&mut self, target: Result<Target<'m>, Unresolved<'m>>, arguments: &'m [Expression]) -> Type {
        match target {
            Ok(Target::Standard(builtin)) => self.standard(builtin, arguments),
            Ok(Target::Own(_, function)) => function.result(false),
            Ok(Target::Other(_, _, function)) => function.result(true),
            Err(_) => Type::Any,
        }
    }

    fn standard(&mut self, builtin: Builtin, arguments: &'m [Expression]) -> Type {
        let signature = builtin.signature();
        let kinds: Vec<Type> = if builtin::depends_on_arguments(&signature.result) {
            arguments.iter().map(|argument| self.expression(argument)).collect()
        } else {
            Vec::new()
        };
        let returned = builtin::returned(self.scope, signature, arguments);
        builtin::result(signature, &kinds, returned, self.shapes)
    }
}

/// The text of a literal string.
pub(crate) fn constant_text(expression: &Expression) -> Option<&str> {
    match &expression.kind {
        ExpressionKind::Literal(Literal::String(text)) => Some(text),
        _ => None,
    }
}
