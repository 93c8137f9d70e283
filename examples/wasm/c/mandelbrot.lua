-- What mandelbrot.c does, for LuaJIT: to see how far the engine is from its interpreter (-joff).
local bit = require("bit")
local size = tonumber(arg[1] or 500)
local sum, bits, count = 0, 0, 0

for row = 0, size - 1 do
    local imaginary = 2.0 * row / size - 1.0
    bits, count = 0, 0
    for column = 0, size - 1 do
        local real = 2.0 * column / size - 1.5
        local x, y, xx, yy, escaped = 0.0, 0.0, 0.0, 0.0, 0
        for _ = 1, 50 do
            x = xx - yy + real
            y = 2.0 * x * y + imaginary
            yy = y * y
            xx = x * x
            if xx + yy > 4.0 then
                escaped = 1
                break
            end
        end
        bits = bit.bor(bit.lshift(bits, 1), escaped)
        count = count + 1
        if count == 8 then
            sum = bit.bxor(sum, bits)
            bits, count = 0, 0
        elseif column == size - 1 then
            sum = bit.bxor(sum, bit.lshift(bits, 8 - count))
        end
    end
end
print(sum)
