-- The n-th thread connects to the n-th of the addresses in TARGETS; in the end, the counts as JSON.
local threads = 0

function setup(thread)
    local targets = {}
    for target in os.getenv("TARGETS"):gmatch("%S+") do targets[#targets + 1] = target end
    local address, port = targets[threads % #targets + 1]:match("(.*):(%d+)")
    thread.addr = wrk.lookup(address, port)[1]
    threads = threads + 1
end

function done(summary)
    local errors = summary.errors
    io.write(string.format('\n{"requests": %d, "seconds": %f, "failed": %d}\n', summary.requests,
        summary.duration / 1e6, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
