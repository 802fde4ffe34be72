using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace M3.Adaptive.Store.Schema.Sqlite.Migrations
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
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    request_id = table.Column<string>(type: "TEXT", nullable: false),
                    model_version = table.Column<string>(type: "TEXT", nullable: false),
                    predictor_version = table.Column<string>(type: "TEXT", nullable: false),
                    feature_version = table.Column<int>(type: "INTEGER", nullable: false),
                    image_hash = table.Column<string>(type: "TEXT", nullable: false),
                    features = table.Column<byte[]>(type: "BLOB", nullable: false),
                    success = table.Column<byte[]>(type: "BLOB", nullable: false),
                    propensity = table.Column<double>(type: "REAL", nullable: false),
                    path = table.Column<string>(type: "TEXT", nullable: false),
                    visual_tokens = table.Column<long>(type: "INTEGER", nullable: false),
                    flops = table.Column<double>(type: "REAL", nullable: false),
                    seconds = table.Column<double>(type: "REAL", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_decisions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "leases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    holder = table.Column<string>(type: "TEXT", nullable: false),
                    ends_at = table.Column<long>(type: "INTEGER", nullable: false)
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
