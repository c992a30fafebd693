-- Replays raw HTTP requests: wrk -s replay.lua URL -- REQUESTS START RESULT
-- REQUESTS holds "<length>\n<bytes>" again and again; START says with which one to begin; RESULT gets one JSON object.
local requests, count, at, result = {}, 0, 0, nil

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  local text = file:read("*a")
  file:close()
  local position = 1
  while position <= #text do
    local line_end = text:find("\n", position, true)
    local length = tonumber(text:sub(position, line_end - 1))
    count = count + 1
    requests[count] = text:sub(line_end + 1, line_end + length)
    position = line_end + 1 + length
  end
  at = tonumber(arguments[2]) % count
end

function request()
  at = at % count + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  local file = assert(io.open(os.getenv("REPLAY_RESULT"), "w"))
  file:write(string.format(
    '{"requests":%d,"seconds":%.4f,"p50_ms":%.3f,"p99_ms":%.3f,"refused":%d,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, failed))
  file:close()
end
