-- Quicksort, with a function that says which of two comes first.
local function sort(items, first, last, isBefore)
    while first < last do
        local pivot = items[(first + last) // 2]
        local i = first
        local k = last
        while i <= k do
            while isBefore(items[i], pivot) do i = i + 1 end
            while isBefore(pivot, items[k]) do k = k - 1 end
            if i <= k then
                local item = items[i]
                items[i] = items[k]
                items[k] = item
                i = i + 1
                k = k - 1
            end
        end
        if k - first < last - i then
            sort(items, first, k, isBefore)
            first = i
        else
            sort(items, i, last, isBefore)
            last = k
        end
    end
end

local count = tonumber(arg[1]) or 300
local items = {}
local seed = 12345
for i = 1, count do
    seed = (seed * 1103515245 + 12345) % 2147483648
    items[i] = seed // 65536
end
sort(items, 1, count, function(a, b) return a > b end)
local sum = 0
for i = 1, count do
    if i > 1 and items[i - 1] < items[i] then error("not sorted at " .. i) end
    sum = (sum * 31 + items[i]) % 1000003
end
print(count .. " sorted, from " .. items[1] .. " to " .. items[count] .. ", sum " .. sum)
