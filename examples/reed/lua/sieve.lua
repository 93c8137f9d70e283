-- Primes by crossing out their multiples.
local function primes(limit)
    local crossed = {}
    for i = 1, limit do crossed[i] = false end
    local count = 0
    for i = 2, limit do
        if not crossed[i] then
            count = count + 1
            for multiple = i * i, limit, i do crossed[multiple] = true end
        end
    end
    return count
end

local limit = tonumber(arg[1]) or 1000
print(primes(limit) .. " primes up to " .. limit)
