;; What a compiler that doesn't copy has to be careful with: locals that change while their old
;; value is on the stack, values that branches carry, results of calls below other results.
(module
  (import "env" "print_i64" (func $print (param i64)))
  (import "env" "print_f64" (func $print_real (param f64)))

  (func $old_value (param $x i32) (result i32)
    (i32.sub (local.get $x) (local.tee $x (i32.add (local.get $x) (i32.const 5)))))

  (func $old_in_block (param $x i32) (param $test i32) (result i32)
    local.get $x
    block
      local.get $test
      br_if 0
      i32.const 100
      local.set $x
    end
    local.get $x
    i32.add)

  (func $old_in_loop (param $n i32) (result i32) (local $sum i32)
    local.get $n
    loop $again
      (local.set $sum (i32.add (local.get $sum) (local.get $n)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (local.get $n))
    end
    local.get $sum
    i32.mul)

  (func $carried (param $x i32) (result i32)
    i32.const 1000
    block $outer (result i32)
      i32.const 7
      i32.const 8
      block (result i32)
        i32.const 9
        (br_if 0 (i32.eq (local.get $x) (i32.const 1)))
        drop
        i32.const 10
        (br_if $outer (i32.eq (local.get $x) (i32.const 2)))
      end
      i32.add
      i32.add
    end
    i32.add)

  (func $table (param $x i32) (result i32)
    i32.const 10000
    block $a (result i32)
      i32.const 500
      block $b (result i32)
        block $c (result i32)
          i32.const 3
          (br_table $a $b $c $b (local.get $x))
        end
        i32.const 20
        i32.add
      end
      i32.add
    end
    i32.add)

  (func $three (param i32 i32 i32) (result i32)
    (i32.add (i32.mul (local.get 0) (i32.const 100))
             (i32.add (i32.mul (local.get 1) (i32.const 10)) (local.get 2))))

  (func $nested (param $x i32) (result i32)
    (call $three
      (call $three (local.get $x) (i32.const 2) (i32.add (local.get $x) (i32.const 1)))
      (call $three (i32.const 0) (call $three (i32.const 0) (i32.const 0) (local.get $x)) (i32.const 4))
      (local.get $x)))

  (func $real_across (param $x f64) (result f64)
    (f64.add
      (f64.mul (local.get $x) (f64.const 3))
      (f64.convert_i32_s (call $three (i32.const 1) (i32.trunc_f64_s (local.get $x)) (i32.const 3)))))

  (func $select (param $test i32) (result f64)
    (f64.add
      (select (f64.const 1.5) (f64.const 2.5) (local.get $test))
      (f64.convert_i64_s (select (i64.const 10) (i64.const 20) (i32.lt_s (local.get $test) (i32.const 1))))))

  ;; Not all of the locals get a value on every way.
  (func $zeros (param $test i32) (result i64) (local $a i64) (local $b i64) (local $c i32)
    (if (local.get $test) (then (local.set $a (i64.const 5)) (local.set $c (i32.const 3))))
    (block (br_if 0 (i32.eqz (local.get $test))) (local.set $b (i64.const 7)))
    (i64.add (i64.add (local.get $a) (local.get $b)) (i64.extend_i32_s (local.get $c))))

  ;; Of an i32's slot the upper half may hold anything.
  (func $wrapped (param $x i64) (result i64)
    (i64.add
      (i64.extend_i32_u (i32.add (i32.wrap_i64 (local.get $x)) (i32.const -1)))
      (i64.add
        (i64.extend_i32_s (i32.wrap_i64 (local.get $x)))
        (i64.extend_i32_u (i32.lt_u (i32.wrap_i64 (local.get $x)) (i32.const 2))))))

  (func (export "main")
    (call $print (i64.extend_i32_s (call $old_value (i32.const 37))))
    (call $print (i64.extend_i32_s (call $old_in_block (i32.const 1) (i32.const 0))))
    (call $print (i64.extend_i32_s (call $old_in_block (i32.const 1) (i32.const 1))))
    (call $print (i64.extend_i32_s (call $old_in_loop (i32.const 4))))
    (call $print (i64.extend_i32_s (call $carried (i32.const 0))))
    (call $print (i64.extend_i32_s (call $carried (i32.const 1))))
    (call $print (i64.extend_i32_s (call $carried (i32.const 2))))
    (call $print (i64.extend_i32_s (call $table (i32.const 0))))
    (call $print (i64.extend_i32_s (call $table (i32.const 1))))
    (call $print (i64.extend_i32_s (call $table (i32.const 2))))
    (call $print (i64.extend_i32_s (call $table (i32.const -1))))
    (call $print (i64.extend_i32_s (call $nested (i32.const 1))))
    (call $print_real (call $real_across (f64.const 2.5)))
    (call $print_real (call $select (i32.const 0)))
    (call $print_real (call $select (i32.const 1)))
    (call $print (call $zeros (i32.const 0)))
    (call $print (call $zeros (i32.const 1)))
    (call $print (call $wrapped (i64.const 0x700000001)))))
