//! The floor of a call: a PHP function of the shape of `Verifier::isValid()` that does nothing, and one that does nothing but
//! SHA-256 compressions.

use core::hint::black_box;

use ext_php_rs::args::Arg;
use ext_php_rs::builders::{FunctionBuilder, ModuleBuilder};
use ext_php_rs::flags::DataType;
use ext_php_rs::php_module;
use ext_php_rs::types::Zval;
use ext_php_rs::zend::ExecuteData;

/// It does not look at its arguments, as nothing that uses them could be the floor.
extern "C" fn hw_floor(_: &mut ExecuteData, result: &mut Zval) {
    result.set_bool(true);
}

/// 1024 compressions, one after the other.
extern "C" fn hw_compressions(_: &mut ExecuteData, result: &mut Zval) {
    let mut state = black_box([1; 8]);
    sha2::block_api::compress256(&mut state, black_box(&[[7; 64]; 1024]));
    result.set_bool(black_box(state) == [0; 8]);
}

#[php_module]
fn module(module: ModuleBuilder) -> ModuleBuilder {
    module
        .name("hw_floor")
        .function(
            FunctionBuilder::new("hw_floor", hw_floor)
                .arg(Arg::new("headers", DataType::Array))
                .arg(Arg::new("payload", DataType::String))
                .arg(Arg::new("method", DataType::String))
                .arg(Arg::new("target", DataType::String))
                .arg(Arg::new("now", DataType::Long))
                .returns(DataType::Bool, false, false),
        )
        .function(FunctionBuilder::new("hw_compressions", hw_compressions).returns(
            DataType::Bool,
            false,
            false,
        ))
}
