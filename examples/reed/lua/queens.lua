-- In how many ways n queens stand on a board and none attacks another.
local function isFree(columns, row, column)
    for other = 1, row - 1 do
        local at = columns[other]
        if at == column or at - other == column - row or at + other == column + row then return false end
    end
    return true
end

local function place(columns, row, n)
    if row > n then return 1 end
    local ways = 0
    for column = 1, n do
        if isFree(columns, row, column) then
            columns[row] = column
            ways = ways + place(columns, row + 1, n)
        end
    end
    return ways
end

local n = tonumber(arg[1]) or 5
print(place({}, 1, n) .. " ways for " .. n .. " queens")
