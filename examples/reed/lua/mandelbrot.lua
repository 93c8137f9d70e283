-- How many points of a square stay within a circle, and in how many steps the others leave it.
local function steps(x, y, most)
    local zr = 0.0
    local zi = 0.0
    local count = 0
    while count < most do
        local rr = zr * zr
        local ii = zi * zi
        if rr + ii > 4.0 then return count end
        zi = 2.0 * zr * zi + y
        zr = rr - ii + x
        count = count + 1
    end
    return count
end

local function draw(width)
    local inside = 0
    local sum = 0
    for row = 0, width - 1 do
        local y = 2.0 * row / width - 1.0
        for column = 0, width - 1 do
            local count = steps(2.0 * column / width - 1.5, y, 50)
            sum = sum + count
            if count == 50 then inside = inside + 1 end
        end
    end
    print(inside .. " points of " .. width * width .. " inside, " .. sum .. " steps")
end

draw(tonumber(arg[1]) or 20)
