using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace M3.Adaptive.Store.Schema.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "decisions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    request_id = table.Column<string>(type: "text", nullable: false),
                    model_version = table.Column<string>(type: "text", nullable: false),
                    predictor_version = table.Column<string>(type: "text", nullable: false),
                    feature_version = table.Column<int>(type: "integer", nullable: false),
                    image_hash = table.Column<string>(type: "text", nullable: false),
                    features = table.Column<byte[]>(type: "bytea", nullable: false),
                    success = table.Column<byte[]>(type: "bytea", nullable: false),
                    propensity = table.Column<double>(type: "double precision", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false),
                    visual_tokens = table.Column<long>(type: "bigint", nullable: false),
                    flops = table.Column<double>(type: "double precision", nullable: false),
                    seconds = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_decisions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "leases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    holder = table.Column<string>(type: "text", nullable: false),
                    ends_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_leases", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_decisions_at",
                table: "decisions",
                column: "at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "decisions");

            migrationBuilder.DropTable(
                name: "leases");
        }
    }
}
