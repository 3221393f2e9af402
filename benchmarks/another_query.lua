-- Asks wrk's path with another query string each time, so that no kept page answers.
local number = 0

function request()
  number = number + 1
  return wrk.format("GET", wrk.path .. "?number=" .. number)
end
