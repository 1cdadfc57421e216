// Kept out of the page itself, so that the page's policy can forbid inline scripts.
window.ui = SwaggerUIBundle({
  dom_id: "#docs",
  url: "/api/openapi.json",
  deepLinking: true,
  docExpansion: "list",
  tryItOutEnabled: true,
  validatorUrl: null, // or it would send the description to a host outside
});
