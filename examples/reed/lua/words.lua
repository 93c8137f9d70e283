-- Makes a text of words, takes it apart again, and counts how often each is there.
local byte, sub = string.byte, string.sub
local seed = 42

local function random(below)
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed // 65536 % below
end

local function makeText(count)
    local syllables = {"lo", "op", "wri", "ght", "re", "ed", "ta", "lly"}
    local words = {}
    for i = 1, count do
        local word = ""
        for k = 0, random(3) do word = word .. syllables[random(8) + 1] end
        words[#words + 1] = word
    end
    return table.concat(words, " ")
end

local function split(line)
    local words = {}
    local from = 1
    for i = 1, #line + 1 do
        if i > #line or byte(line, i) == 32 then
            if i > from then words[#words + 1] = sub(line, from, i - 1) end
            from = i + 1
        end
    end
    return words
end

local function sort(items, isBefore)
    for i = 2, #items do
        local item = items[i]
        local k = i - 1
        while k >= 1 and isBefore(item, items[k]) do
            items[k + 1] = items[k]
            k = k - 1
        end
        items[k + 1] = item
    end
end

local words = split(makeText(tonumber(arg[1]) or 200))
local counts = {}
for i = 1, #words do counts[words[i]] = (counts[words[i]] or 0) + 1 end
local known = {}
for word in pairs(counts) do known[#known + 1] = word end
sort(known, function(a, b)
    if counts[a] ~= counts[b] then return counts[a] > counts[b] end
    return a < b
end)
for i = 1, 5 do print(known[i] .. " " .. counts[known[i]]) end
print(#words .. " words, " .. #known .. " different ones")
