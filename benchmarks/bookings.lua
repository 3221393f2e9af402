-- Holds a place with each request, under a uuid of its own, in one slot after the other of those it is given.
local bodies = {}
local number = 0

local function random_hex(digits)
  local text = ""
  for _ = 1, digits do text = text .. string.format("%x", math.random(0, 15)) end
  return text
end

function init(arguments)
  local seed = io.open("/dev/urandom", "rb")
  local a, b, c = seed:read(3):byte(1, 3)
  seed:close()
  math.randomseed(a * 65536 + b * 256 + c)
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Bearer " .. arguments[1]
  wrk.headers["Content-Type"] = "application/json"
  for slot in io.lines(arguments[2]) do
    bodies[#bodies + 1] = '","productId":"haihe-cruise-day","optionId":"DEFAULT","availabilityId":"' .. slot
      .. '","unitItems":[{"unitId":"adult"}]}'
  end
end

function request()
  number = number + 1
  local uuid = random_hex(8) .. "-" .. random_hex(4) .. "-4" .. random_hex(3) .. "-a" .. random_hex(3) .. "-"
    .. random_hex(12)
  return wrk.format(nil, nil, nil, '{"uuid":"' .. uuid .. bodies[number % #bodies + 1])
end
