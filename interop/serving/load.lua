-- wrk's part: sends the requests of a file one after another, and counts the answers that were not the expected ones.
-- The server repeats X-Expected in its answer, because wrk does not say which request an answer belongs to.

local threads = {}

function setup(thread)
    table.insert(threads, thread)
end

function init(args)
    requests, sent, right, wrong = {}, 0, {}, 0
    local file = assert(io.open(args[1], "rb"))
    while true do
        local length = file:read("*n")
        if not length then break end
        file:read(1)
        table.insert(requests, file:read(length))
    end
    accepted, refused = 0, 0
end

function request()
    sent = sent + 1
    return requests[(sent - 1) % #requests + 1]
end

function response(status, headers)
    if tostring(status) ~= headers["X-Expected"] then
        wrong = wrong + 1
    elseif status == 200 then
        accepted = accepted + 1
    else
        refused = refused + 1
    end
end

function done(summary)
    local totals = { accepted = 0, refused = 0, wrong = 0 }
    for _, thread in ipairs(threads) do
        for name, total in pairs(totals) do
            totals[name] = total + thread:get(name)
        end
    end
    local errors = summary.errors
    io.write(string.format('\n{"accepted": %d, "refused": %d, "wrong": %d, "errors": %d}\n',
        totals.accepted, totals.refused, totals.wrong, errors.connect + errors.read + errors.write + errors.timeout))
end
