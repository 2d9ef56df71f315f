-- wrk: write a post of about 1 KB.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"title":"Hello","content":"' .. string.rep("x", 1000) .. '","status":"published"}'
