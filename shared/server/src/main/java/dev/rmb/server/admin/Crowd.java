package dev.rmb.server.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Leaves threads for questions about health, however many others wait for Kafka, for other pods, or
 * for clients that read slowly: whoever watches a process must not take it for dead because its
 * operators are busy.
 */
final class Crowd extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final String HEALTH = "/health/";
    private static final String RETRY_SECONDS = "1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Semaphore places;

    /**
     * @param most requests at once, but for those about health
     */
    Crowd(int most) {
        this.places = new Semaphore(most);
    }

    @Override
    protected void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getRequestURI().startsWith(HEALTH)) {
            chain.doFilter(request, response);
        } else if (places.tryAcquire()) {
            try {
                chain.doFilter(request, response);
            } finally {
                places.release();
            }
        } else {
            refuse(response);
        }
    }

    /** And hangs up: what else the connection brings would be refused, too. */
    private static void refuse(HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType(Problem.MEDIA_TYPE_NAME);
        response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        response.setHeader("Connection", "close");
        response.getOutputStream()
                .write(
                        JSON.writeValueAsBytes(
                                Problem.of(
                                        HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                                        "too many requests are being answered; try again")));
    }
}
