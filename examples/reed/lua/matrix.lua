-- The product of two matrices, each an array of rows.
local function make(n, first)
    local rows = {}
    for i = 0, n - 1 do
        local row = {}
        for j = 0, n - 1 do row[j + 1] = first + (i - j) * (i + j) / n end
        rows[i + 1] = row
    end
    return rows
end

local function multiply(a, b, n)
    local product = {}
    for i = 1, n do
        local row = {}
        local left = a[i]
        for j = 1, n do
            local sum = 0.0
            for k = 1, n do sum = sum + left[k] * b[k][j] end
            row[j] = sum
        end
        product[i] = row
    end
    return product
end

local n = tonumber(arg[1]) or 12
local product = multiply(make(n, 1.0), make(n, 2.0), n)
print(product[1][1] .. " " .. product[n // 2 + 1][n // 2 + 1] .. " " .. product[n][n])
