-- Functions that are made, passed on, and keep what they have seen.
local function compose(f, g) return function(x) return f(g(x)) end end

local function fold(items, start, combine)
    local result = start
    for i = 1, #items do result = combine(result, items[i]) end
    return result
end

local function map(items, f)
    local result = {}
    for i = 1, #items do result[i] = f(items[i]) end
    return result
end

local function account(balance)
    local entries = {}
    local function book(amount)
        balance = balance + amount
        entries[#entries + 1] = amount
        return balance
    end
    return {book = book, balance = function() return balance end, count = function() return #entries end}
end

local rounds = tonumber(arg[1]) or 20
local numbers = {}
for i = 0, 9 do numbers[i + 1] = i end
local step = compose(function(x) return x * 3 + 1 end, function(x) return x % 1000 end)
local mine = account(100)
for round = 1, rounds do
    numbers = map(numbers, step)
    mine.book(fold(numbers, 0, function(sum, n) return sum + n + round end))
end
print(table.concat(numbers, ","))
print(mine.balance() .. " " .. mine.count())
