-- Calls, and little else.
local function fibonacci(n)
    if n < 2 then return n end
    return fibonacci(n - 1) + fibonacci(n - 2)
end

local n = tonumber(arg[1]) or 15
print("fibonacci(" .. n .. ") = " .. fibonacci(n))
