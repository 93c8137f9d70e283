;; Calls through a table, to functions of other types and of the host.
(module
  (type $to_int (func (param i32) (result i32)))
  (type $shown (func (param i64)))
  (import "env" "print_i64" (func $print (type $shown)))
  (table 5 funcref)
  (elem (i32.const 1) $double $square $print $fibonacci)
  (func $double (type $to_int) (i32.shl (local.get 0) (i32.const 1)))
  (func $square (type $to_int) (i32.mul (local.get 0) (local.get 0)))
  (func $fibonacci (type $to_int)
    (if (result i32) (i32.lt_s (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else (i32.add
        (call_indirect (type $to_int) (i32.sub (local.get 0) (i32.const 1)) (i32.const 4))
        (call $fibonacci (i32.sub (local.get 0) (i32.const 2)))))))
  (func $show (param i32) (call_indirect (type $shown) (i64.extend_i32_s (local.get 0)) (i32.const 3)))
  (func (export "main") (result i32) (local $i i32)
    (loop $next
      (call $show (call_indirect (type $to_int) (i32.const 11) (i32.add (local.get $i) (i32.const 1))))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2))))
    (call $show (call $fibonacci (i32.const 15)))
    (i32.const 3)))
