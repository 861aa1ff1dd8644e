-- Requests for wrk. Arguments: the method, the path ("%d" in it is the id of a random post), the number of posts, the body,
-- the number of requests at most, and the average pause of each connection between two requests in ms. Prints the results
-- as JSON.

local method, path, posts, body, most, pause
local sent = 0

function init(args)
  method, path, posts, body = args[1], args[2], tonumber(args[3]), args[4]
  most, pause = tonumber(args[5]), tonumber(args[6])
  if body == "" then body = nil end
  math.randomseed(42)
  if pause > 0 then
    function delay() return math.random(0, 2 * pause) end
  end
end

function request()
  sent = sent + 1
  if sent > most then wrk.thread:stop() end
  if posts == 0 then return wrk.format(method, path, wrk.headers, body) end
  local id = math.random(posts)
  if wrk.headers["If-None-Match"] then wrk.headers["If-None-Match"] = string.format('"%d-1"', id) end
  return wrk.format(method, string.format(path, id), wrk.headers, body)
end

function done(summary, latency)
  local errors = summary.errors
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  print(string.format('{"requests": %d, "seconds": %f, "refused": %d, "broken": %d, "p99_ms": %f}',
    summary.requests, summary.duration / 1e6, errors.status, broken, latency:percentile(99) / 1000))
end
