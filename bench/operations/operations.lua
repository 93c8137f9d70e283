-- The statements of Operations.som once more, for LuaJIT.
local it = {field = 1}
function it.answer(self, x) return x end
function it.getField(self) return self.field end
function it.sum(self, a, b) local sum = a + b; return sum end

local operations = {
  empty = function(n) for i = 1, n do end end,
  send = function(n) for i = 1, n do it:answer(i) end end,
  sendLocal = function(n) for i = 1, n do it:sum(i, i) end end,
  getter = function(n) for i = 1, n do it:getField() end end,
  block = function(n) local f = function(a) return a end; for i = 1, n do f(i) end end,
  addIntegers = function(n) local x = 0; for i = 1, n do x = x + i end end,
  addDoubles = function(n) local x = 0.5; for i = 1, n do x = x + 1.5 end end,
  compare = function(n) local x = 0; for i = 1, n do if i < 0 then x = i end end end,
  at = function(n) local a, x = {1, 2, 3}; for i = 1, n do x = a[2] end end,
  atPut = function(n) local a = {1, 2, 3}; for i = 1, n do a[2] = i end end,
  new = function(n) local x; for i = 1, n do x = {field = nil} end end,
}
operations[arg[1]](tonumber(arg[2]))
