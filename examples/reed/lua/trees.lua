-- Trees that are made, looked through, and forgotten.
local function make(depth)
    if depth == 0 then return {} end
    return {left = make(depth - 1), right = make(depth - 1)}
end

local function check(tree)
    if tree.left == nil then return 1 end
    return 1 + check(tree.left) + check(tree.right)
end

local deepest = tonumber(arg[1]) or 6
local kept = make(deepest)
local depth = 2
while depth <= deepest do
    local rounds = 1
    for i = 1, deepest - depth do rounds = rounds * 2 end
    local sum = 0
    for i = 1, rounds do sum = sum + check(make(depth)) end
    print(rounds .. " trees of depth " .. depth .. ": " .. sum)
    depth = depth + 2
end
print("the one that is kept: " .. check(kept))
