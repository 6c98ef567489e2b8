package dev.rmb.bench.scrape;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.process.ThreadTimes;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Scrapes metrics and reads every list of the admin API to its end, again and again. */
public final class ScrapeRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int PAGE = 1000;

    /** A list that never ends is a fault. */
    private static final int MAX_PAGES = 1000;

    private static final double NANOS = 1e9;

    private final HttpClient http;
    private final URI admin;
    private final @Nullable String token;
    private final long pid;
    private int requests;
    private int refused;
    private long bytes;

    /**
     * @param http makes the requests; stays the caller's
     * @param token {@code null} where the admin port asks for none
     * @param pid of the relay
     */
    public ScrapeRun(HttpClient http, URI admin, @Nullable String token, long pid) {
        this.http = http;
        this.admin = admin;
        this.token = token;
        this.pid = pid;
    }

    /**
     * Runs it.
     *
     * @param every from one round's beginning to the next's
     * @throws LoadException if the relay cannot be asked, or its threads cannot be seen
     * @throws InterruptedException if the thread was interrupted
     */
    public ScrapeReport run(Duration every, Duration duration) throws InterruptedException {
        List<String> lists = lists();
        // Once before it counts: what only the first request costs.
        round(lists);
        requests = 0;
        refused = 0;
        bytes = 0;
        ThreadTimes before = ThreadTimes.of(pid);
        long start = System.nanoTime();
        int rounds = 0;
        while (System.nanoTime() - start < duration.toNanos()) {
            round(lists);
            rounds++;
            sleepUntil(start + rounds * every.toNanos());
        }
        Map<String, Long> used = ThreadTimes.of(pid).since(before);
        if (before.byThread().isEmpty() || used.isEmpty()) {
            throw new LoadException("/proc tells nothing about process " + pid);
        }
        return new ScrapeReport(
                rounds, requests, bytes, refused, (System.nanoTime() - start) / NANOS, used);
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left;
        while ((left = nanos - System.nanoTime()) > 0) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Whatever the document says has pages. */
    private List<String> lists() throws InterruptedException {
        HttpResponse<String> document = get("/openapi.json");
        if (document.statusCode() != OK) {
            throw new LoadException(admin + " has no OpenAPI document: " + document.statusCode());
        }
        List<String> lists = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : parse(document.body()).path("paths").properties()) {
            boolean paged =
                    path.getValue().path("get").path("parameters").toString().contains("/limit\"");
            if (paged && !path.getKey().contains("{")) {
                lists.add(path.getKey());
            }
        }
        return lists;
    }

    private void round(List<String> lists) throws InterruptedException {
        var _ = get("/metrics");
        for (String list : lists) {
            String cursor = "";
            for (int page = 0; page < MAX_PAGES; page++) {
                HttpResponse<String> answer = get(list + "?limit=" + PAGE + cursor);
                String next =
                        answer.statusCode() == OK ? parse(answer.body()).path("next").asText() : "";
                if (next.isEmpty()) {
                    break;
                }
                cursor = "&cursor=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
            }
        }
    }

    private HttpResponse<String> get(String path) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(admin.resolve(path)).timeout(TIMEOUT);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            requests++;
            bytes += answer.body().length();
            refused += answer.statusCode() == OK ? 0 : 1;
            return answer;
        } catch (IOException e) {
            throw new LoadException("no answer from " + admin + path + ": " + e);
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new LoadException("an answer of the admin port is no JSON");
        }
    }
}
