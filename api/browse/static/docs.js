// Shows the OpenAPI document with Swagger UI.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const node = document.getElementById("swagger");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  paint();
  dark.addEventListener("change", paint);
  // Its lists to choose from have no names of their own.
  new MutationObserver(() => {
    for (const list of node.querySelectorAll("select:not([aria-label])")) list.setAttribute("aria-label", list.id === "servers" ? "Server" : "Choice");
  }).observe(node, { childList: true, subtree: true });
  SwaggerUIBundle({
    url: node.dataset.url, domNode: node, deepLinking: false, validatorUrl: null, docExpansion: "list",
    defaultModelsExpandDepth: 0, presets: [SwaggerUIBundle.presets.apis], layout: "BaseLayout",
  });
});
