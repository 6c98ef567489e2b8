package dev.rmb.server.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * Has Jersey answer requests with methods that nobody has heard of, too: only Jersey knows which
 * ones a path has, and a 405 must name them (RFC 9110, 15.5.6).
 */
final class UnknownMethods extends HttpFilter {
    private static final long serialVersionUID = 1L;

    /** Which no resource has. */
    private static final String OF_NOBODY = "TRACE";

    /** That get to Jersey. */
    static final Set<String> SERVED =
            Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", OF_NOBODY);

    @Override
    protected void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(
                SERVED.contains(request.getMethod())
                        ? request
                        : new HttpServletRequestWrapper(request) {
                            @Override
                            public String getMethod() {
                                return OF_NOBODY;
                            }
                        },
                response);
    }
}
