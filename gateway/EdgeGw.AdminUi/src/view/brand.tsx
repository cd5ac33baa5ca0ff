export const Brand = () => (
  <span class="brand">
    <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#4f5bd5" /><path d="M9 10h11M9 16h7M9 22h11" stroke="#fff" stroke-width="2.6" stroke-linecap="round" /><path d="M20 12.5 24 16l-4 3.5" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round" /></svg>
    Edge Gateway
  </span>
);
