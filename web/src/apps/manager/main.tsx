import "./styles.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { makeQueryClient } from "@/shared/api/queries";

import { makeRouter } from "./router";

const root = document.getElementById("root");

// supported.js takes the root away from a browser that is too old for the app.
if (root !== null) {
  const queries = makeQueryClient();
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={makeRouter(queries)} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
